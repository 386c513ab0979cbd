// System calls with their errors: one constructor of the error, one place that repeats what a signal interrupted.

import Glibc

/// A system call that failed.
struct SystemFailure: Error, Equatable, CustomStringConvertible {
    /// What was tried, in words: "write the reason".
    let action: String
    /// `errno`.
    let code: Int32

    /// "could not write the reason: No space left on device".
    var description: String { "could not \(action): \(String(cString: strerror(code)))" }

    /// True when the name is not there (any more).
    var isMissing: Bool { code == ENOENT }
    /// True when the process may not do it.
    var isForbidden: Bool { code == EACCES || code == EPERM }
}

/// Calls `body` until no signal interrupts it; a negative result is a failure.
@discardableResult
func system<Result: SignedInteger>(_ action: @autoclosure () -> String, _ body: () -> Result) throws(SystemFailure)
    -> Result
{
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw SystemFailure(action: action(), code: code) }
    }
}
