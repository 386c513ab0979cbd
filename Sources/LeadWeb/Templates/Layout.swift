// What all pages share: head, header, footer. The style stands in the page, so that a page is one request.

extension Templates {
    static let layout = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex, nofollow">
        <meta name="format-detection" content="telephone=no">
        <title>{{title}} · {{site}}</title>
        <style>\(Stylesheet.text)</style>
        </head>
        <body>
        <a class="skip" href="#main">To the content</a>
        <header class="top">
        <svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
        <path d="M12 2.5a1.6 1.6 0 0 1 1.6 1.6v.5a6.2 6.2 0 0 1 4.6 6v3.6l1.6 2.6a.9.9 0 0 1-.8 1.4H5a.9.9 0 0 1-.8-1.4\
        l1.6-2.6v-3.6a6.2 6.2 0 0 1 4.6-6v-.5A1.6 1.6 0 0 1 12 2.5Z"/>
        <path d="M9.6 19.6h4.8a2.4 2.4 0 0 1-4.8 0Z"/>
        </svg>
        <span class="site"><bdi>{{site}}</bdi></span>
        </header>
        <main id="main">
        {{$main}}{{/main}}
        </main>
        <footer class="foot">{{$foot}}{{/foot}}</footer>
        </body>
        </html>

        """

    static let banners = """
        {{#alert}}
        <div class="banner bad" role="alert" tabindex="-1" autofocus>{{alert}}</div>
        {{/alert}}
        {{#notice}}
        <div class="banner good" role="status" tabindex="-1" autofocus>{{notice}}</div>
        {{/notice}}
        """

    static let plain = """
        {{<layout}}
        {{$main}}
        <section class="card plain" aria-labelledby="title">
        <h1 id="title">{{title}}</h1>
        {{#sentences}}
        <p>{{.}}</p>
        {{/sentences}}
        {{#offersFreshLink}}
        <form method="post">
        <input type="hidden" name="action" value="renew">
        <button class="button main" type="submit">Send a fresh link by mail</button>
        </form>
        {{/offersFreshLink}}
        {{#leadsBack}}
        <p><a class="button" href="?">Open the lead again</a></p>
        {{/leadsBack}}
        </section>
        {{/main}}
        {{/layout}}
        """

    static let confirm = """
        {{<layout}}
        {{$main}}
        <section class="card plain" aria-labelledby="title">
        <p class="over"><bdi>{{headline}}</bdi></p>
        <h1 id="title">{{summary}}?</h1>
        {{#hasWarnings}}
        <p>Nothing has been changed yet. Before you go on:</p>
        <ul class="excluded">
        {{#warnings}}
        <li><span class="warning" dir="auto">{{.}}</span></li>
        {{/warnings}}
        </ul>
        {{/hasWarnings}}
        {{#isDoubtful}}
        <p>Nothing has been changed yet. Programs that check mail sometimes press buttons, so please confirm that it \
        was you.</p>
        {{/isDoubtful}}
        {{#note}}
        <blockquote class="words" dir="auto">{{note}}</blockquote>
        {{/note}}
        <form method="post" action="?">
        <input type="hidden" name="confirmed" value="1">
        <input type="hidden" name="nonce" value="{{nonce}}">
        {{#hidden}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hidden}}
        <div class="row">
        <button class="button main" type="submit">Yes, go on</button>
        <a class="button" href="?">No, back to the lead</a>
        </div>
        </form>
        </section>
        {{/main}}
        {{/layout}}
        """
}
