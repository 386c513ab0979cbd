// What a daemon that died was writing of a post: the next one removes it, and touches no producer's drafts.

import Foundation
import LeadCore
import Testing

@testable import LeadSpool

@Suite("Drafts of posts")
struct PostDraftTests {
    @Test("a start removes the drafts of posts, and nothing else")
    func removed() throws {
        let test = try TestSpool()
        for name in [".post-1795446000000-7.ndjson.tmp", ".post-1795446000000-7-1.form.tmp", ".post-x-1.ndjson.tmp"] {
            try test.write(name, "{\"na")
        }
        try test.write(".lead-1.json.tmp", "{")
        try test.write("post-1795446000000-7.ndjson", "{\"name\":\"Ada\"}")
        _ = try Spool(settings: SpoolSettings(directory: test.path), clock: test.time)
        let left = try FileManager.default.contentsOfDirectory(atPath: test.incoming).sorted()
        #expect(left == [".lead-1.json.tmp", ".post-x-1.ndjson.tmp", "post-1795446000000-7.ndjson"])
    }

    @Test("only what a post's draft is called counts as one")
    func names() {
        #expect(PostBox.isDraft(".post-1-2.ndjson.tmp") && PostBox.isDraft(".post-1-2-3.form.tmp"))
        for name in [
            "post-1-2.ndjson", ".post-1-2.ndjson", ".post-1.ndjson.tmp", ".post-1--2.ndjson.tmp", ".post-1-2.json.tmp",
            ".posts-1-2.ndjson.tmp", ".post-", "",
        ] { #expect(!PostBox.isDraft(name), "\(name)") }
    }
}
