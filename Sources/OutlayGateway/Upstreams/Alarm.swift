internal import NIOCore

/// One deadline on an event loop that is moved often and rings rarely.
///
/// Moving it further away costs no system work: the scheduled task looks again when it fires.
final class Alarm {
    private let loop: any EventLoop
    private var deadline: NIODeadline?
    private var scheduled: (at: NIODeadline, task: Scheduled<Void>)?
    private var action: (() -> Void)?

    init(on loop: any EventLoop, action: (() -> Void)? = nil) {
        self.loop = loop
        self.action = action
    }

    /// Says what happens when it rings.
    func rings(_ action: @escaping () -> Void) {
        self.action = action
    }

    /// Rings `milliseconds` from now, unless moved or cleared before.
    func set(milliseconds: Int) {
        guard action != nil else { return }
        let deadline = NIODeadline.now() + .milliseconds(Int64(clamping: max(0, milliseconds)))
        self.deadline = deadline
        if let scheduled, scheduled.at <= deadline { return }
        scheduled?.task.cancel()
        schedule(deadline)
    }

    func clear() {
        deadline = nil
    }

    /// Never rings again.
    func stop() {
        deadline = nil
        action = nil
        scheduled?.task.cancel()
        scheduled = nil
    }

    private func schedule(_ deadline: NIODeadline) {
        let task = loop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in self?.fire() as Void? ?? () }
        scheduled = (deadline, task)
    }

    private func fire() {
        scheduled = nil
        guard let deadline else { return }
        guard deadline <= .now() else { return schedule(deadline) }
        self.deadline = nil
        action?()
    }
}
