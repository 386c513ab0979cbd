// The demo's inbox as a page: who is reached by what, and every message as its reader sees it, newest first. Without scripts;
// it loads itself again every few seconds unless it is held. Pure.

import Foundation
import LeadCore

/// The page.
struct InboxPage {
    /// What of the inbox is shown, and whether it stands still.
    struct Choice: Equatable {
        var kind: InboxKind?
        /// The id of a member of the cast.
        var member: String?
        var isHeld = false

        /// The page's address with this choice.
        var address: String {
            let parts = [kind.map { "kind=\($0.name)" }, member.map { "to=\($0)" }, isHeld ? "held=1" : nil]
            let query = parts.compactMap(\.self).joined(separator: "&")
            return query.isEmpty ? "/inbox" : "/inbox?\(query)"
        }
    }

    let messages: [InboxMessage]
    let cast: InboxCast
    var choice = Choice()

    /// Nothing is loaded from anywhere, and nothing runs.
    static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        + "base-uri 'none'"

    var html: String {
        let shown = messages.reversed().filter { message in
            (choice.kind == nil || choice.kind == message.kind)
                && (choice.member == nil || choice.member == cast.member(message.recipient)?.id)
        }
        let none = "<p class=none>Nothing yet. Messages appear here as they are sent.</p>"
        let refresh = choice.isHeld ? "" : "<meta http-equiv=refresh content=5>"
        return Self.frame(
            refresh: refresh,
            """
            <h1>Demo inbox</h1>
            <p>Every message that leadbell has sent, newest first, as its reader sees it. The links work, and so do the
            Slack bot's buttons. Few firms have all of these chats: here each person has others, so that you see all that
            leadbell can write to.</p>\(ways)\(state(shown.count))
            \(shown.isEmpty ? none : shown.map(article).joined(separator: "\n"))
            """)
    }

    /// A modal of the bot's alone, as a page that stands still.
    static func alone(_ modal: String) -> String {
        frame(
            """
            <article class="\(InboxKind.slackBot.name)"><header><b class="badge \(InboxKind.slackBot.name)">\
            \(InboxKind.slackBot.title)</b> a form, as Slack opens it over the message</header>\(modal)</article>
            <p><a href=/inbox>Back to the inbox</a></p>
            """)
    }

    private static func frame(refresh: String = "", _ content: String) -> String {
        """
        <!doctype html><html lang=en><head><meta charset=utf-8>\(refresh)
        <meta name=viewport content="width=device-width, initial-scale=1"><title>Demo inbox</title>
        <style>\(style)</style></head><body><main>\(content)</main></body></html>
        """
    }

    // MARK: Who is reached by what

    private var ways: String {
        let rows = cast.members.map { member in
            let ways = member.ways.map { way(Choice(kind: $0, member: member.id, isHeld: choice.isHeld), $0) }
            let name = ChatReading.escape(member.name)
            let role = ChatReading.escape(member.role)
            return "<li><span>\(name) <small>\(role)</small></span>"
                + "<span class=ways>\(ways.joined(separator: " "))</span></li>"
        }
        return "<ul class=cast aria-label=\"Who is reached by what\">\(rows.joined())</ul>"
    }

    private func way(_ target: Choice, _ kind: InboxKind) -> String {
        let count = messages.count { $0.kind == kind && cast.member($0.recipient)?.id == target.member }
        let current = target == choice ? " aria-current=true" : ""
        let address = ChatReading.escape(target.address)
        return "<a class=\"way \(kind.name)\" href=\"\(address)\"\(current)>\(kind.title) <b>\(count)</b></a>"
    }

    /// What is shown, and what else could be.
    private func state(_ count: Int) -> String {
        var other = choice
        other.isHeld.toggle()
        let isAll = choice.kind == nil && choice.member == nil
        let all = isAll ? "" : " <a href=\"\(ChatReading.escape(Choice(isHeld: choice.isHeld).address))\">Show all</a>"
        let hold = choice.isHeld ? "The page stands still." : "The page refreshes itself."
        let toggle = choice.isHeld ? "Let it refresh itself" : "Hold it"
        return "<p class=state>\(isAll ? "All \(count)" : "\(count) of \(messages.count)") messages.\(all) "
            + "\(hold) <a href=\"\(ChatReading.escape(other.address))\">\(toggle)</a></p>"
    }

    // MARK: Messages

    private func article(_ message: InboxMessage) -> String {
        let time = CivilTime(message.receivedAt).rfc3339.dropFirst(11).prefix(8)
        let reader = ChatReading.escape(cast.member(message.recipient)?.name ?? message.recipient)
        let note = message.handle?.isWhisper == true ? ", seen by nobody else" : ""
        let head =
            "<header><b class=\"badge \(message.kind.name)\">\(message.kind.title)</b> to \(reader)\(note) "
            + "<time>\(time) UTC</time></header>"
        let body = message.kind.isFramed ? framed(message) : message.html
        return "<article class=\"\(message.kind.name)\">\(head)\(body)</article>"
    }

    /// In a frame without scripts, forms or an origin of its own: what is in it can do nothing but be read and followed.
    private func framed(_ message: InboxMessage) -> String {
        let headline = ChatReading.escape(message.headline)
        let page = ChatReading.escape("<base target=_top>" + message.html)
        return "<h2>\(headline)</h2><iframe title=\"\(headline)\" "
            + "sandbox=\"allow-top-navigation-by-user-activation allow-popups\" srcdoc=\"\(page)\"></iframe>"
    }

    private static let style =
        InboxKind.all.map { ".\($0.name){--kind:\($0.colour)}" }.joined() + """
            :root{color-scheme:light dark;font:16px/1.45 system-ui,sans-serif;--edge:color-mix(in srgb,CanvasText 18%,Canvas);
            --soft:color-mix(in srgb,CanvasText 65%,Canvas);--link:light-dark(#0b57d0,#8ab4f8)}
            *{box-sizing:border-box}body{margin:0;background:light-dark(#f4f3ef,#121514);color:CanvasText}
            main{max-width:44rem;margin:0 auto;padding:1rem}h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1rem;margin:.4rem 0}
            p{margin:.35rem 0}a{color:var(--link)}small,.muted,.state,time{color:var(--soft);font-size:.85rem}
            .cast{list-style:none;margin:1rem 0;padding:.25rem .75rem;border:1px solid var(--edge);border-radius:8px;
            background:light-dark(#fff,#1b1f1e)}
            .cast li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.1rem .75rem;padding:.35rem 0}
            .cast li+li{border-top:1px solid var(--edge)}.ways{display:flex;flex-wrap:wrap;gap:.35rem}
            .way,.badge{background:var(--kind);color:#fff;border-radius:99px;padding:.1rem .6rem;font-size:.85rem;
            text-decoration:none;white-space:nowrap}.way[aria-current]{outline:2px solid CanvasText;outline-offset:1px}
            article{background:light-dark(#fff,#1b1f1e);border:1px solid var(--edge);border-left:6px solid var(--kind);
            border-radius:8px;padding:.5rem 1rem .75rem;margin:1rem 0;overflow-wrap:anywhere;position:relative}
            header{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center;font-size:.9rem;margin-bottom:.4rem}
            time{margin-left:auto}hr{border:0;border-top:1px solid var(--edge);margin:.6rem 0}
            .row{display:flex;gap:.75rem}.row>div:first-child{flex:0 0 7rem;color:var(--soft)}.row>div{min-width:0}
            .google-chat>div{margin:.35rem 0}
            .pairs{display:grid;grid-template-columns:minmax(5rem,auto) 1fr;gap:0 .75rem}
            .fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.3rem .75rem}
            .attachment{border-left:4px solid var(--edge);padding-left:.75rem}blockquote{margin:.35rem 0;padding-left:.75rem;
            border-left:3px solid var(--edge);color:var(--soft)}ul{margin:.35rem 0;padding-left:1.2rem}
            .button{display:inline-block;padding:.3rem .9rem;border:1px solid var(--link);border-radius:6px;
            text-decoration:none;font-weight:600}.tap::after{content:"";position:absolute;inset:0}
            form{display:inline-flex;flex-wrap:wrap;gap:.3rem;max-width:100%;margin:.2rem .5rem .2rem 0;vertical-align:top}
            form.modal{display:block;margin:0}.modal textarea{width:100%;min-height:5rem}.wrong{color:light-dark(#b3261e,#f2b8b5)}
            fieldset{border:0;padding:0;margin:.5rem 0}fieldset label{display:block}
            select,button,textarea{font:inherit;padding:.25rem .5rem}select{min-width:0;max-width:100%}
            iframe{width:100%;height:24rem;border:0;border-radius:6px;background:light-dark(#fff,#121514)}
            summary{cursor:pointer;color:var(--soft);font-size:.85rem;padding:.35rem 0}
            pre{overflow:auto;max-height:20rem;font-size:.8rem;margin:.2rem 0}
            """
}
