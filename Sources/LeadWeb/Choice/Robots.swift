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

    /// Whether `userAgent` is a known robot's; one that doesn't say what it is counts as one.
    static func include(_ userAgent: String?) -> Bool {
        guard let agent = userAgent?.lowercased(), !agent.isEmpty else { return true }
        return marks.contains { agent.contains($0) }
    }
}
