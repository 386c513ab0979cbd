// User agents of programs that follow links on people's behalf: mail scanners, chat previews, crawlers, scripts. They
// aren't shut out, since some person may well use such a program; they are asked to confirm.

/// Known programs that open links before a person does.
enum Robots {
    /// Parts of user agents, in lower case.
    private static let marks = [
        "bot", "crawl", "spider", "preview", "scan", "headless", "phantom", "puppeteer", "playwright", "selenium",
        "skypeuripreview", "microsoft office", "ms-office", "msoffice", "safelinks", "slack", "facebookexternalhit",
        "whatsapp", "telegram", "discord", "googleimageproxy", "ggpht", "yahoomailproxy", "barracuda", "proofpoint",
        "mimecast", "symantec", "fireeye", "trellix", "sophos", "trend micro", "ironport", "zscaler", "checkpoint",
        "urldefense", "virustotal", "curl/", "wget", "python", "java/", "okhttp", "go-http-client", "libwww", "perl",
        "ruby", "axios", "node-fetch", "httpclient", "apache-http", "powershell", "embedly", "iframely", "fetcher",
    ]

    /// The marks as bytes, by the first of them.
    private static let marksByFirst: [[[UInt8]]] = marks.reduce(into: Array(repeating: [], count: 256)) { lists, mark in
        let bytes = Array(mark.utf8)
        lists[Int(bytes[0])].append(bytes)
    }

    /// Whether `userAgent` is a known robot's; one that doesn't say what it is counts as one.
    static func include(_ userAgent: String?) -> Bool {
        guard let userAgent, !userAgent.isEmpty else { return true }
        let agent = userAgent.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
        return agent.indices.contains { start in
            marksByFirst[Int(agent[start])].contains { agent[start...].starts(with: $0) }
        }
    }
}
