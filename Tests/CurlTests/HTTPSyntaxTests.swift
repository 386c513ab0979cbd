// The rules of headers and of Retry-After, without a peer.

import Testing

@testable import Curl

@Suite("HTTP syntax")
struct HTTPSyntaxTests {
    @Test("headers that could end a line or frame a body are refused")
    func headerFaults() {
        #expect(HTTPSyntax.fault(name: "X-Ok", value: "a\tb ü") == nil)
        #expect(HTTPSyntax.fault(name: "", value: "a") == .name)
        #expect(HTTPSyntax.fault(name: "X Y", value: "a") == .name)
        #expect(HTTPSyntax.fault(name: "X:", value: "a") == .name)
        #expect(HTTPSyntax.fault(name: "X\r\nY", value: "a") == .name)
        for value in ["a\r\nB: c", "a\nb", "a\rb", "a\u{0}b", "\u{7f}"] {
            #expect(HTTPSyntax.fault(name: "X", value: value) == .value)
        }
        for name in ["Content-Length", "transfer-encoding", "CONNECTION", "Expect", "Upgrade", "TE", "Trailer"] {
            #expect(HTTPSyntax.fault(name: name, value: "1") == .ownField)
        }
    }

    @Test("the fields of a head are read without their padding and line ends")
    func fields() {
        let fields = HTTPSyntax.fields(in: Array("A: 1\r\nB:2\r\nC:\t 3 \t\r\nnonsense\r\nD:\r\n".utf8))
        #expect(fields.map(\.name) == ["A", "B", "C", "D"])
        #expect(fields.map(\.value) == ["1", "2", "3", ""])
    }

    @Test("Retry-After is clamped at both ends, and nonsense is none")
    func retryAfter() {
        #expect(HTTPSyntax.retryAfter(field: nil, curlSeconds: 0) == nil)
        #expect(HTTPSyntax.retryAfter(field: nil, curlSeconds: 7) == nil)
        #expect(HTTPSyntax.retryAfter(field: "7", curlSeconds: 7) == .seconds(7))
        #expect(HTTPSyntax.retryAfter(field: "0", curlSeconds: 0) == .zero)
        #expect(HTTPSyntax.retryAfter(field: "99999999", curlSeconds: 99_999_999) == .seconds(86_400))
        #expect(HTTPSyntax.retryAfter(field: "99999999999999999999999", curlSeconds: 0) == .seconds(86_400))
        #expect(HTTPSyntax.retryAfter(field: "-5", curlSeconds: -5) == .zero)
        #expect(HTTPSyntax.retryAfter(field: "Wed, 21 Oct 2015 07:28:00 GMT", curlSeconds: -300_000_000) == .zero)
        #expect(HTTPSyntax.retryAfter(field: "soon", curlSeconds: 0) == nil)
        #expect(HTTPSyntax.retryAfter(field: "", curlSeconds: 0) == nil)
    }

    @Test("durations become libcurl's numbers, rounded up and never its 0 for no limit")
    func durations() {
        #expect(Duration.zero.curlMilliseconds == 1)
        #expect(Duration.seconds(-3).curlMilliseconds == 1)
        #expect(Duration.microseconds(1500).curlMilliseconds == 2)
        #expect(Duration.seconds(30).curlMilliseconds == 30_000)
        #expect(Duration.seconds(1_000_000_000_000).curlMilliseconds == Int(Int32.max))
        #expect(Duration.milliseconds(300).curlSeconds == 1)
        #expect(Duration.milliseconds(1001).curlSeconds == 2)
    }

    @Test("requests share a lane when they go to one scheme, host and port")
    func lanes() throws {
        func lane(_ url: String) throws -> String {
            try HTTPTarget(HTTPRequest(url: url, allowPlainHTTP: true)).lane
        }
        #expect(try lane("https://a.example/x?y") == lane("https://u:p@a.example:443/z"))
        #expect(try lane("https://a.example/") != lane("http://a.example/"))
        #expect(try lane("https://a.example/") != lane("https://a.example:444/"))
        #expect(try lane("https://a.example/") != lane("https://b.example/"))
    }

    @Test(
        "URLs that are none, of other schemes or with control characters are refused",
        arguments: [
            "", "ok", "//host/x", "https://", "file:///etc/passwd", "ftp://host/", "smtp://host/", "http://host/",
            "https://host/a\r\nX: y", "https://host/a b", "https://host/\u{0}", "https://ho st/", "https://host:99999/",
            "gopher://host/", "https://[::1/", "\thttps://host/",
        ])
    func malformedURLs(_ url: String) {
        let failure = #expect(throws: TransferFailure.self) { try HTTPTarget(HTTPRequest(url: url)) }
        #expect(failure?.kind == .malformedURL)
        #expect(failure?.stage == .beforeRequest)
        #expect(failure?.mayHaveArrived == false)
    }

    @Test("behind a proxy a host written as a number is judged here, however it is written")
    func proxiedHosts() {
        let inside = [
            "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/", "https://localhost/",
            "https://LOCALHOST:8443/", "https://10.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/",
        ]
        for url in inside {
            let failure = #expect(throws: TransferFailure.self) {
                try HTTPTarget(HTTPRequest(url: url, proxy: "http://proxy.example:3128"))
            }
            #expect(failure?.kind == .addressRefused, "\(url)")
        }
        #expect(throws: Never.self) {
            try HTTPTarget(HTTPRequest(url: "https://a.example/", proxy: "http://proxy.example:3128"))
        }
    }
}
