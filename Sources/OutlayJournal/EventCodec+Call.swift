import OutlayCore

extension ByteWriter {
    mutating func service(_ service: ServiceUse) {
        field(1, service.provider)
        field(2, service.api)
        field(3, service.upstream)
        field(4, service.requestedModel)
        field(5, service.model)
        byte(6)
        context(service.context)
        end()
    }

    mutating func context(_ context: RatingContext) {
        field(1, context.serviceTier)
        field(2, context.processing)
        field(3, context.speed)
        field(4, context.inferenceGeo)
        field(5, context.dataResidency)
        field(6, context.apiHost)
        field(7, context.deploymentType)
        field(8, context.region)
        field(9, context.cacheTTL)
        end()
    }

    mutating func outcome(_ outcome: CallOutcome) {
        field(1, outcome.ending.rawValue)
        field(2, outcome.status.map(Int64.init))
        field(3, outcome.latencyMicroseconds)
        field(4, outcome.timeToFirstTokenMicroseconds)
        field(5, outcome.isStream)
        end()
    }

    mutating func links(_ links: CallLinks) {
        if let call = links.call {
            byte(1)
            count(call.bits)
        }
        field(2, Int64(links.attempt))
        field(3, links.responseID)
        field(4, links.requestID)
        field(5, links.clientRequestID)
        field(6, links.traceID)
        field(7, links.spanID)
        end()
    }
}

extension ByteReader {
    mutating func service() throws(CodecError) -> ServiceUse {
        var service = ServiceUse(provider: "", api: "")
        while let tag = try tag() {
            switch tag {
            case 1: service.provider = try text()
            case 2: service.api = try text()
            case 3: service.upstream = try text()
            case 4: service.requestedModel = try text()
            case 5: service.model = try text()
            case 6: service.context = try context()
            default: throw .tag(tag)
            }
        }
        return service
    }

    private mutating func context() throws(CodecError) -> RatingContext {
        var context = RatingContext()
        while let tag = try tag() {
            switch tag {
            case 1: context.serviceTier = try text()
            case 2: context.processing = try text()
            case 3: context.speed = try text()
            case 4: context.inferenceGeo = try text()
            case 5: context.dataResidency = try text()
            case 6: context.apiHost = try text()
            case 7: context.deploymentType = try text()
            case 8: context.region = try text()
            case 9: context.cacheTTL = try text()
            default: throw .tag(tag)
            }
        }
        return context
    }

    mutating func outcome() throws(CodecError) -> CallOutcome {
        var outcome = CallOutcome()
        while let tag = try tag() {
            switch tag {
            case 1: outcome.ending = try word("ending")
            case 2: outcome.status = try integer()
            case 3: outcome.latencyMicroseconds = try number()
            case 4: outcome.timeToFirstTokenMicroseconds = try number()
            case 5: outcome.isStream = true
            default: throw .tag(tag)
            }
        }
        return outcome
    }

    mutating func links() throws(CodecError) -> CallLinks {
        var links = CallLinks()
        while let tag = try tag() {
            switch tag {
            case 1: links.call = CallID(bits: try count())
            case 2: links.attempt = try integer()
            case 3: links.responseID = try text()
            case 4: links.requestID = try text()
            case 5: links.clientRequestID = try text()
            case 6: links.traceID = try text()
            case 7: links.spanID = try text()
            default: throw .tag(tag)
            }
        }
        return links
    }
}
