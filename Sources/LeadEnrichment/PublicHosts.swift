// Domains that say nothing of the firm that uses them: public mail providers, social networks, site builders.
// Taking them for a firm's would give every freelancer the industry of the provider.

/// Hosts that many firms and private persons share.
struct PublicHosts: Sendable {
    /// Beside those that are built in; lower case.
    var moreProviders: Set<String> = []
    var moreDisposable: Set<String> = []

    /// True when anyone may have an address at `domain`, which is lower case.
    static func isFreeMail(_ domain: String) -> Bool { mailProviders.contains(domain) }

    /// The same with the further ones.
    func isFreeMail(_ domain: String) -> Bool { Self.isFreeMail(domain) || moreProviders.contains(domain) }

    /// True when `domain`, which is lower case, or one above it gives out addresses to be thrown away.
    func isDisposable(_ domain: String) -> Bool {
        var rest = domain[...]
        while true {
            if Self.throwawayProviders.contains(rest) { return true }
            if !moreDisposable.isEmpty, moreDisposable.contains(String(rest)) { return true }
            guard let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")) else { return false }
            rest = rest[dot...].dropFirst()
        }
    }

    /// True when `domain`, which is lower case, is one where others have pages, or a part of one.
    static func isSharedSite(_ domain: String) -> Bool {
        var rest = domain[...]
        while !siteHosts.contains(rest) {
            guard let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")) else { return false }
            rest = rest[dot...].dropFirst()
        }
        return true
    }

    private static let mailProviders = Set(
        """
        gmail.com googlemail.com outlook.com outlook.de outlook.fr outlook.es outlook.it outlook.jp outlook.com.br
        hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.es hotmail.it hotmail.be hotmail.ca hotmail.com.br
        live.com live.co.uk live.de live.fr live.it live.nl live.be live.ca live.com.au live.se live.dk live.no msn.com
        yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.ca yahoo.ie yahoo.in yahoo.co.in yahoo.co.jp
        yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.com.ar yahoo.com.sg ymail.com rocketmail.com
        aol.com aol.de aol.co.uk aim.com icloud.com me.com mac.com
        proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.com tuta.io hey.com fastmail.com
        fastmail.fm hushmail.com zoho.com zohomail.com mail.com email.com usa.com inbox.com gmx.com gmx.de gmx.net
        gmx.at gmx.ch gmx.us web.de t-online.de freenet.de arcor.de posteo.de mailbox.org bluewin.ch
        orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it tin.it
        telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl home.nl terra.com.br uol.com.br bol.com.br
        seznam.cz wp.pl onet.pl o2.pl interia.pl mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com ukr.net rambler.ru
        qq.com 163.com 126.com sina.com foxmail.com naver.com daum.net hanmail.net rediffmail.com
        comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com
        shaw.ca rogers.com sympatico.ca telus.net bigpond.com optusnet.com.au xtra.co.nz
        btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com
        """.split { $0.isWhitespace }.map(String.init))

    private static let throwawayProviders = Set(
        """
        10minutemail.com 10minutemail.net 20minutemail.com 33mail.com burnermail.io byom.de discard.email
        discardmail.com dispostable.com dropmail.me einrot.com emailondeck.com emailfake.com fakeinbox.com fakemail.net
        getairmail.com getnada.com grr.la guerrillamail.biz guerrillamail.com guerrillamail.de guerrillamail.info
        guerrillamail.net guerrillamail.org guerrillamailblock.com harakirimail.com inboxbear.com inboxkitten.com
        incognitomail.org jetable.org kasmail.com luxusmail.org mail-temp.com mail.tm mailcatch.com maildrop.cc
        mailinator.com mailinator.net mailnesia.com mailnull.com mailsac.com mailtemp.net meltmail.com mintemail.com
        moakt.com mohmal.com mytemp.email mytrashmail.com nada.email nwytg.net sharklasers.com smailpro.com
        spam4.me spambog.com spambox.us spamex.com spamgourmet.com spamherelots.com tempail.com temp-mail.io
        temp-mail.org tempinbox.com tempmail.com tempmail.de tempmail.dev tempmail.net tempmailo.com tempr.email
        throwam.com throwawaymail.com tmail.ws tmpmail.net tmpmail.org trash-mail.com trash-mail.de trashmail.com
        trashmail.de trashmail.me trashmail.net trashmail.ws trbvm.com wegwerfemail.de wegwerfmail.de wegwerfmail.net
        wegwerfmail.org yopmail.com yopmail.fr yopmail.net zetmail.com
        """.split { $0.isWhitespace })

    private static let siteHosts = Set(
        """
        facebook.com fb.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com pinterest.com
        threads.net xing.com yelp.com etsy.com linktr.ee behance.net dribbble.com google.com goo.gl bit.ly
        business.site wixsite.com weebly.com wordpress.com blogspot.com squarespace.com myshopify.com github.io
        webflow.io godaddysites.com jimdosite.com jimdofree.com tumblr.com medium.com
        """.split { $0.isWhitespace })
}
