// The process-wide start of libcurl. It fails once and for all if libcurl can't be initialised, and
// every client and sender asks for it first.
//
// Starting also ignores SIGPIPE for the whole process: libcurl is told not to touch signals (it works
// on threads), and without it a peer that closes early would end the program.

import CCurl
import Glibc

enum CurlLibrary {
    private static let startCode: CURLcode = {
        signal(SIGPIPE, SIG_IGN)
        return ccurl_global_init()
    }()

    /// Initialises libcurl at the first call, and answers with the same result ever after.
    static func start() throws(TransferFailure) {
        guard startCode == CURLE_OK else {
            throw TransferFailure(kind: .other, code: startCode, message: "libcurl could not be initialised.")
        }
    }
}
