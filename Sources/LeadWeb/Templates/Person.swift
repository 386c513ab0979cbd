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
        {{#takesLeads}}
        <div class="column">
        {{> entry}}
        </div>
        {{/takesLeads}}
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
        {{#takesLeads}}
        <script src="..\(EntryScript.path)" defer></script>
        {{/takesLeads}}
        This page is <bdi>{{name}}</bdi>’s own. Looking at it changes nothing.
        {{/foot}}
        {{/layout}}
        """

    /// A lead is typed in. The page's script fills `known` while that is done. The Enter key presses the first button, which
    /// must not be one of a known lead.
    static let entry = """
        <section class="card" aria-labelledby="title">
        <h2 id="title">A call, a visit, a referral</h2>
        <form method="post" action="?" id="entry">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="lead">
        <button class="button skip" type="submit" tabindex="-1" aria-hidden="true">Take the lead in</button>
        <div id="known" aria-live="polite">
        {{> known}}
        </div>
        <fieldset class="field"><legend class="label">How did it come?</legend>
        {{#ways}}
        <label><input type="radio" name="source" value="{{value}}" required{{#isChosen}} checked{{/isChosen}}> \
        {{label}}</label>
        {{/ways}}
        </fieldset>
        {{#inputs}}
        <label class="field"><span class="label">{{label}}</span>
        {{#isLong}}
        <textarea name="{{name}}" rows="5" maxlength="10000">{{value}}</textarea>
        {{/isLong}}
        {{^isLong}}
        <input class="line" name="{{name}}" type="{{type}}" value="{{value}}" maxlength="300" autocomplete="off">
        {{/isLong}}
        </label>
        {{/inputs}}
        <button class="button main wide" type="submit">Take the lead in</button>
        </form>
        </section>
        """

    /// Leads that may be the one that is typed in, each with its button. They are buttons of the form around them.
    static let known = """
        {{#isKnown}}
        <div class="banner">
        <p><strong>Is it one of these?</strong></p>
        <ul class="excluded">
        {{#known}}
        <li><strong dir="auto">{{title}}</strong>{{#.name}} <bdi>{{.}}</bdi>{{/.name}} <span class="soft">{{holder}}; \
        {{reason}}.</span>\
        {{#isOpen}}
         <button class="button" type="submit" name="joins" value="{{id}}">Add it to this one</button>
        {{/isOpen}}
        </li>
        {{/known}}
        </ul>
        <button class="button" type="submit" name="joins" value="none">No, it is a new one</button>
        </div>
        {{/isKnown}}
        """

    static let ownPage = """
        <form class="footform" method="post" action="?">
        <input type="hidden" name="action" value="renew">
        <button class="textbutton" type="submit">Mail me the link to my own page</button>, where I type in calls and say when I am away.
        </form>
        """
}
