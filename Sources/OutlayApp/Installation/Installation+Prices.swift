internal import Foundation
internal import Logging
package import OutlayCore
internal import OutlaySQLite
internal import OutlayVault
internal import OutlayWeb
internal import Synchronization
package import OutlayWire

extension Installation {
    package func prices(matching text: String) -> [PriceAnswer] {
        PriceList(current.pricing).answers(matching: text, at: now())
    }

    package func updatePrices(_ book: [UInt8], signature: [UInt8]?, isDryRun: Bool) async throws -> PriceUpdateAnswer {
        let isSigned = try checkSignature(signature, over: book)
        let before = current
        let contents: BookContents
        do {
            contents = try PriceBookJSON.read(bytes: book)
        } catch {
            throw APIError(.invalidRequest, "\(error). The book in force stays.")
        }
        guard contents.version > before.book.version else {
            throw APIError(
                .conflict,
                "Book \(contents.version) is not newer than \(before.book.version), which is in force."
            )
        }
        let newer = PriceBook(contents).overlaid(
            by: before.configuration.ownPrices,
            discounts: before.configuration.discounts
        )
        let month = now().advanced(bySeconds: -30 * 86_400)..<now()
        let effect = try await Rerating(ledger: metered, pricing: newer).difference(in: month)
        if !isDryRun {
            try InstalledBook(settings).install(book)
            try change { $0.book = contents }
        }
        return PriceUpdateAnswer(
            version: contents.version,
            previous: before.book.version,
            isApplied: !isDryRun,
            isSigned: isSigned,
            changes: PriceBookDiff(from: before.book, to: contents).sentences,
            effectUSD: effect.amount.description
        )
    }

    package func rerate(_ span: Range<Timestamp>, isDryRun: Bool) async throws -> RerateAnswer {
        let rerating = Rerating(ledger: metered, pricing: current.pricing)
        let found =
            isDryRun ? try await rerating.difference(in: span) : try await rerating.post(in: span, now: now())
        return RerateAnswer(
            events: found.events,
            changed: found.changed,
            isApplied: !isDryRun,
            differenceUSD: found.amount.description
        )
    }

    /// - Returns: whether the book is signed by the trusted key.
    private func checkSignature(_ signature: [UInt8]?, over book: [UInt8]) throws -> Bool {
        guard let trusted = settings.bookPublicKey else { return false }
        guard let signature else {
            throw APIError(.untrusted, "The book is not signed, and OUTLAY_BOOK_PUBLIC_KEY asks for a signature.")
        }
        guard BookSignature.isValid(signature, over: book, publicKey: trusted) else {
            throw APIError(.untrusted, "The book's signature is not by OUTLAY_BOOK_PUBLIC_KEY. Nothing was changed.")
        }
        return true
    }
}

extension PriceBookDiff {
    /// One sentence per difference, at most two hundred.
    var sentences: [String] {
        let changed = changes.map { change in
            let scope = [change.mode, change.tier.map { "above \($0) tokens" }, change.from.map { "from \($0)" }]
                .compactMap { $0 }.joined(separator: ", ")
            let rates = [change.old, change.new].map { $0.map { "$\($0.dollars(perUnits: 1_000_000))" } ?? "none" }
            return "\(change.provider) \(change.model) \(change.unit)\(scope.isEmpty ? "" : " (\(scope))"): "
                + "\(rates[0]) → \(rates[1]) per million"
        }
        return Array((added.map { "\($0): new" } + removed.map { "\($0): gone" } + changed).prefix(200))
    }
}

extension Installation {
    /// Brings what was booked under volume discounts up to date.
    func postVolumeDiscounts() async {
        for discount in current.configuration.discounts {
            guard case .volume = discount.terms else { continue }
            do {
                let posting = VolumePosting(ledger: metered, pricing: current.pricing, discount: discount, now: now())
                let (count, progress) = try await posting.post(since: state.withLock { $0.volumes[discount.name] })
                state.withLock { $0.volumes[discount.name] = progress }
                guard count > 0 else { continue }
                logger.notice(
                    "posted a volume discount",
                    metadata: ["discount": "\(discount.name)", "calls": "\(count)"]
                )
            } catch {
                logger.error("a volume discount was not posted", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Drops single events past their retention; sums, chain and identities stay.
    func sealOldEvents() async {
        guard let days = current.configuration.retention.eventDays else { return }
        do {
            let count = try await ledger.seal(before: now().advanced(bySeconds: -Int64(days) * 86_400))
            if count > 0 { logger.notice("sealed old events", metadata: ["events": "\(count)"]) }
        } catch {
            logger.error("old events were not sealed", metadata: ["reason": "\(error)"])
        }
    }
}
