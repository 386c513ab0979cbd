// A person's own page.

extension Templates {
    static let person = """
        {{<layout}}
        {{$main}}
        {{> banners}}
        <header class="head">
        <h1 dir="auto">{{name}}</h1>
        <p class="why">While you are away, leads go to whoever stands in for you, or to the next in line. Times are in \
        {{zone}}.</p>
        </header>
        <div class="columns">
        <div class="column">
        <section class="card" aria-labelledby="absences">
        <h2 id="absences">When you are away</h2>
        {{#hasAbsences}}
        <ul class="excluded">
        {{#absences}}
        <li>{{words}}{{#isNow}} <span class="chip small wait">now</span>{{/isNow}}\
        {{#.substitute}} <span class="soft"><bdi>{{.}}</bdi></span>{{/.substitute}}</li>
        {{/absences}}
        </ul>
        <form method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="back">
        <button class="button" type="submit">I am back: forget these</button>
        </form>
        {{/hasAbsences}}
        {{^hasAbsences}}
        <p>No absence is known.</p>
        {{/hasAbsences}}
        </section>
        </div>
        <div class="column">
        <section class="card" aria-labelledby="away">
        <h2 id="away">I shall be away</h2>
        <form method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="away">
        <label class="field"><span class="label">From <span class="soft">(now, if left empty)</span></span>
        <input class="line" type="datetime-local" name="from" value="{{from}}"></label>
        <label class="field"><span class="label">Until, when you are back</span>
        <input class="line" type="datetime-local" name="until" value="{{until}}" required></label>
        <label class="field"><span class="label">Who stands in?</span>
        <select name="substitute">
        <option value="">Nobody in particular</option>
        {{#colleagues}}
        <option value="{{id}}"{{#isChosen}} selected{{/isChosen}}>{{name}}</option>
        {{/colleagues}}
        </select></label>
        <button class="button main wide" type="submit">Note it</button>
        </form>
        </section>
        </div>
        </div>
        {{/main}}
        {{$foot}}
        This page is <bdi>{{name}}</bdi>’s own. Looking at it changes nothing.
        {{/foot}}
        {{/layout}}
        """

    static let ownPage = """
        <form class="footform" method="post" action="?">
        <input type="hidden" name="action" value="renew">
        <button class="textbutton" type="submit">Mail me the link to my own page</button>, where I say when I am away.
        </form>
        """
}
