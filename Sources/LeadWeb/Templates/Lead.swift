// The lead's pages: the manager's and the rep's, and the parts that they share.

extension Templates {
    static let decide = """
        {{<layout}}
        {{$main}}
        {{> banners}}
        <header class="head">
        <p class="chips"><span class="chip {{status.tone}}">{{status.text}}</span>\
        {{#countdown}}<span class="chip plainchip">{{countdown}}</span>{{/countdown}}</p>
        <h1 dir="auto">{{headline}}</h1>
        {{#sentences}}
        <p class="why" dir="auto">{{.}}</p>
        {{/sentences}}
        </header>
        <div class="columns">
        <div class="column">
        {{> lead}}
        {{#earlierCase}}
        <p class="record"><a class="recordlink" href="{{.}}">Their earlier case</a></p>
        {{/earlierCase}}
        </div>
        {{#hasButtons}}
        <div class="column">
        {{#choice}}
        {{^isFolded}}
        <section class="card" aria-labelledby="choose">
        {{/isFolded}}
        {{#isFolded}}
        <details class="card fold"{{#isOpen}} open{{/isOpen}}>
        <summary>{{foldTitle}}</summary>
        {{/isFolded}}
        <form method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="{{action}}">
        {{#.from}}
        <input type="hidden" name="from" value="{{.}}">
        {{/.from}}
        {{> reps}}
        <label class="field"><span class="label">A note for the rep <span class="soft">(optional)</span></span>
        <textarea name="note" rows="3" maxlength="{{longestNote}}" dir="auto">
        {{note}}</textarea></label>
        <button class="button main wide" type="submit">{{button}}</button>
        </form>
        {{^isFolded}}
        </section>
        {{/isFolded}}
        {{#isFolded}}
        </details>
        {{/isFolded}}
        {{/choice}}
        {{#undoUntil}}
        <form class="card aside" method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="undo">
        <p>A slip? Until {{undoUntil}} you can take the choice back.</p>
        <button class="button" type="submit">Undo</button>
        </form>
        {{/undoUntil}}
        {{#claimTime}}
        <form class="card aside" method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="claim">
        <p>Need a moment? Reminders rest for {{claimTime}}, and the others see that you decide.</p>
        <button class="button" type="submit">Mine to decide</button>
        </form>
        {{/claimTime}}
        {{#canRelease}}
        <form class="card aside" method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="release">
        <p>You said that you decide. Leave it to whoever was asked, if you can’t.</p>
        <button class="button" type="submit">Leave it to the others</button>
        </form>
        {{/canRelease}}
        {{#moreTime}}
        <form class="card aside" method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="postpone">
        <p>Not enough time? Once, the deadline can be put off.</p>
        <button class="button" type="submit">{{moreTime}} more</button>
        </form>
        {{/moreTime}}
        {{#hasColleagues}}
        <details class="card fold">
        <summary>Someone else should choose</summary>
        <form method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="pass">
        <label class="field"><span class="label">Who?</span>
        <select name="to" required>
        <option value="" selected>Choose a manager</option>
        {{#colleagues}}
        <option value="{{id}}">{{words}}</option>
        {{/colleagues}}
        </select></label>
        <label class="field"><span class="label">Comment <span class="soft">(optional)</span></span>
        <textarea name="note" rows="2" maxlength="{{longestNote}}" dir="auto"></textarea></label>
        <button class="button" type="submit">Pass it on</button>
        </form>
        </details>
        {{/hasColleagues}}
        {{#canReject}}
        <details class="card fold">
        <summary>Not a lead for us</summary>
        <form method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="reject">
        <label class="field"><span class="label">Why?</span>
        <select name="reason" required>
        <option value="" selected>Choose a reason</option>
        {{#reasons}}
        <option value="{{id}}">{{words}}</option>
        {{/reasons}}
        </select></label>
        <label class="field"><span class="label">Note <span class="soft">(optional)</span></span>
        <textarea name="note" rows="2" maxlength="{{longestNote}}" dir="auto"></textarea></label>
        <button class="button danger" type="submit">Reject the lead</button>
        </form>
        </details>
        {{/canReject}}
        </div>
        {{/hasButtons}}
        </div>
        {{> story}}
        {{/main}}
        {{$foot}}
        This page was made for <bdi>{{reader}}</bdi>. Looking at it changes nothing.
        {{> ownPage}}
        {{/foot}}
        {{/layout}}
        """

    static let follow = """
        {{<layout}}
        {{$main}}
        {{> banners}}
        <header class="head">
        <p class="chips"><span class="chip {{status.tone}}">{{status.text}}</span></p>
        <h1 dir="auto">{{headline}}</h1>
        {{#sentences}}
        <p class="why" dir="auto">{{.}}</p>
        {{/sentences}}
        </header>
        {{#brief}}
        <div class="columns">
        <div class="column">
        <section class="card" aria-labelledby="contact">
        <h2 id="contact">Get in touch</h2>
        {{#.who}}<p class="who" dir="auto">{{.}}</p>{{/.who}}
        <ul class="contacts">
        {{#contacts}}
        <li>{{#.href}}<a class="button contact" href="{{.}}">{{/.href}}\
        {{^.href}}<span class="contact">{{/.href}}\
        <span class="soft">{{label}}</span> <bdi class="{{^isKnown}}unknown{{/isKnown}}">{{text}}</bdi>\
        {{#.href}}</a>{{/.href}}{{^.href}}</span>{{/.href}}</li>
        {{/contacts}}
        </ul>
        {{#.word}}
        <h3>From <bdi>{{wordBy}}</bdi></h3>
        <blockquote class="words" dir="auto">{{.}}</blockquote>
        {{/.word}}
        {{#hasPlaybook}}
        <h3>What to do</h3>
        <ol class="steps">
        {{#playbook}}
        <li dir="auto">{{.}}</li>
        {{/playbook}}
        </ol>
        {{/hasPlaybook}}
        </section>
        {{> buttons}}
        </div>
        <div class="column">
        {{> lead}}
        </div>
        </div>
        {{> story}}
        {{/brief}}
        {{/main}}
        {{$foot}}
        This page was made for <bdi>{{reader}}</bdi>. Looking at it changes nothing.
        {{> ownPage}}
        {{/foot}}
        {{/layout}}
        """

    static let buttons = """
        {{#canStart}}
        <form class="card aside" method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="start">
        <p>Once you have called or written, say so.</p>
        <button class="button main wide" type="submit">I have started</button>
        </form>
        {{/canStart}}
        {{#canClose}}
        <details class="card fold">
        <summary>Finished with this lead</summary>
        <form method="post" action="?">
        <input type="hidden" name="nonce" value="{{nonce}}">
        <input type="hidden" name="action" value="close">
        <label class="field"><span class="label">How it ended <span class="soft">(optional)</span></span>
        <textarea name="note" rows="2" maxlength="{{longestNote}}" dir="auto">
        {{note}}</textarea></label>
        <button class="button" type="submit">Done</button>
        </form>
        </details>
        {{/canClose}}
        """

    static let reps = """
        <fieldset class="reps">
        <legend><h2 id="choose">{{legend}}</h2></legend>
        {{#reps}}
        {{> rep}}
        {{/reps}}
        {{^reps}}
        <p>Nobody can be given this lead at the moment.</p>
        {{/reps}}
        {{#hasOthers}}
        <details class="inner">
        <summary>{{othersTitle}}</summary>
        <div class="reps">
        {{#others}}
        {{> rep}}
        {{/others}}
        </div>
        </details>
        {{/hasOthers}}
        </fieldset>
        {{#hasSearch}}
        <label class="field"><span class="label">Or type a name</span>
        <input class="line" type="text" name="find" value="{{search}}" list="names" autocomplete="off" \
        autocapitalize="words" spellcheck="false" maxlength="200"></label>
        <datalist id="names">
        {{#names}}
        <option value="{{.}}"></option>
        {{/names}}
        </datalist>
        {{/hasSearch}}
        {{#hasExcluded}}
        <details class="inner">
        <summary>{{excludedTitle}}</summary>
        <ul class="excluded">
        {{#excluded}}
        <li><b><bdi>{{name}}</bdi></b> <span class="soft" dir="auto">{{reason}}</span></li>
        {{/excluded}}
        </ul>
        </details>
        {{/hasExcluded}}
        {{#hasFacts}}
        <details class="inner">
        <summary>The team’s shares</summary>
        <ul class="excluded">
        {{#facts}}
        <li dir="auto">{{.}}</li>
        {{/facts}}
        </ul>
        </details>
        {{/hasFacts}}
        """

    static let rep = """
        <div class="rep">
        <label class="pick"><input type="radio" name="rep" value="{{id}}"{{#mustPick}} required{{/mustPick}}>
        <span class="repname"><bdi>{{name}}</bdi></span>
        <span class="load{{#isFull}} full{{/isFull}}">{{load}}</span>
        <span class="bars">{{#bars}}<span class="bar"><span>{{title}}<span class="unseen"> {{percent}} of 100</span></span>\
        <svg width="100%" height="5" aria-hidden="true" focusable="false"><rect class="rail" width="100%" height="5" \
        rx="2.5"/><rect class="level" width="{{percent}}%" height="5" rx="2.5"/></svg></span>{{/bars}}</span>
        {{#warnings}}
        <span class="warning" dir="auto">{{.}}</span>
        {{/warnings}}
        </label>
        {{#hasReasons}}
        <details class="reasons">
        <summary>Why<span class="unseen"> {{name}} stands here</span></summary>
        <ul>
        {{#reasons}}
        <li><span class="soft">{{name}} {{percent}}</span> <span dir="auto">{{sentence}}</span></li>
        {{/reasons}}
        </ul>
        </details>
        {{/hasReasons}}
        </div>
        """

    static let lead = """
        <section class="card" aria-labelledby="lead">
        <h2 id="lead">The lead</h2>
        <dl class="facts">
        {{#facts}}
        {{> lines}}
        {{/facts}}
        </dl>
        {{#.description}}
        <h3>In their words</h3>
        <blockquote class="words" dir="auto">{{.}}</blockquote>
        {{/.description}}
        {{#isUnreachable}}
        <p class="hint warn">The lead gives neither e-mail nor phone.</p>
        {{/isUnreachable}}
        {{#gaps}}
        <p class="hint" dir="auto">Could not be looked up: {{.}}</p>
        {{/gaps}}
        {{> record}}
        <details class="inner">
        <summary>Everything we know</summary>
        <dl class="facts all">
        {{#details}}
        {{> lines}}
        {{/details}}
        </dl>
        </details>
        </section>
        """

    static let lines = """
        <div class="fact"><dt><bdi>{{label}}</bdi></dt><dd dir="auto"{{^isKnown}} class="unknown"{{/isKnown}}>{{text}}\
        {{#.origin}}<span class="origin">{{.}}</span>{{/.origin}}</dd></div>
        """

    static let record = """
        {{#.record}}
        <p class="record"><a class="recordlink" href="{{url}}" target="_blank" rel="noopener noreferrer">\
        Open in the CRM <span class="soft"><bdi>{{host}}</bdi></span></a></p>
        {{/.record}}
        """

    static let story = """
        <details class="card fold">
        <summary>What happened so far</summary>
        <p class="soft">Times are in {{zone}}.</p>
        <ol class="story">
        {{#history}}
        <li><time datetime="{{machineTime}}">{{at}}</time><div><p dir="auto">{{sentence}}</p>
        {{#.remark}}<blockquote class="words" dir="auto">{{.}}</blockquote>{{/.remark}}</div></li>
        {{/history}}
        </ol>
        {{#hasMessages}}
        <h3>Messages</h3>
        <ul class="story">
        {{#messages}}
        <li><time datetime="{{machineTime}}">{{at}}</time><div><p><bdi>{{person}}</bdi> by {{channel}}: {{what}} \
        <span class="chip small {{tone}}">{{stateWords}}</span>\
        {{#opened}} <span class="chip small good">opened {{.}}</span>{{/opened}}</p>
        {{#.detail}}<p class="soft" dir="auto">{{.}}</p>{{/.detail}}</div></li>
        {{/messages}}
        </ul>
        {{/hasMessages}}
        </details>
        """
}
