// The one style sheet. It stands inside each page, and the pages' security policy names its hash, so that no other
// style and no script can run. Colours meet WCAG 2.2 AA on their grounds in both schemes; targets are at least 44
// pixels high.

import Crypto
import Foundation

/// The style of all pages.
enum Stylesheet {
    /// `sha256-…`, as Content-Security-Policy names an inline style.
    static let source = "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()

    static let text = """
        :root {
          color-scheme: light dark;
          --ground: #f4f3ef; --card: #ffffff; --ink: #1d1f1e; --soft: #5b605d; --line: #dcdad3; --edge: #8b8f8b;
          --accent: #0b5d52; --accent-ink: #ffffff; --accent-wash: #e7f2ef; --focus: #1a6fd4;
          --good: #14603a; --good-wash: #e3f3e8; --warn: #7a4600; --warn-wash: #fdf0d9;
          --bad: #9a1f17; --bad-wash: #fdeae7; --idle: #4d5250; --idle-wash: #eceae4;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #121514; --card: #1b1f1e; --ink: #eceeec; --soft: #a4aca8; --line: #303634; --edge: #7c8581;
            --accent: #66cdb8; --accent-ink: #04231d; --accent-wash: #16302b; --focus: #7db7ff;
            --good: #8adcab; --good-wash: #15301f; --warn: #f3c27a; --warn-wash: #35270f;
            --bad: #ff9f95; --bad-wash: #3a1a17; --idle: #b9c0bc; --idle-wash: #272c2a;
          }
        }
        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
        }
        main, .top, .foot { max-width: 66rem; margin: 0 auto; padding: 0 1rem; }
        .top { display: flex; align-items: center; gap: .5rem; padding-top: 1rem; color: var(--soft); }
        .mark { fill: var(--accent); flex: none; }
        .site { font-weight: 600; font-size: .9375rem; }
        .foot { padding-top: 1rem; padding-bottom: 2.5rem; color: var(--soft); font-size: .875rem; }
        .footform { margin-top: .5rem; }
        .textbutton {
          min-height: 44px; border: 0; padding: 0; background: none; color: inherit; font: inherit;
          text-decoration: underline; cursor: pointer;
        }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: .5rem; padding: .75rem 1rem; background: var(--card); z-index: 1; }
        .unseen {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
        }
        h1, h2, h3, p, ul, ol, dl, dd, blockquote, fieldset, legend { margin: 0; padding: 0; }
        h1 { font-size: 1.625rem; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; }
        h2 { font-size: 1.0625rem; line-height: 1.3; }
        h3 { font-size: .875rem; font-weight: 600; color: var(--soft); margin-top: 1.125rem; }
        a { color: var(--accent); }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
        .soft { color: var(--soft); font-weight: 400; }
        .head { padding: 1.25rem 0 1.125rem; }
        .head h1 { margin: .625rem 0 .5rem; }
        .why { color: var(--soft); max-width: 44rem; }
        .chips { display: flex; flex-wrap: wrap; gap: .375rem; }
        .chip {
          display: inline-block; padding: .1875rem .625rem; border-radius: 99px; font-size: .8125rem; font-weight: 600;
          line-height: 1.4;
        }
        .chip.small { padding: 0 .5rem; font-size: .75rem; }
        .wait, .warn { color: var(--warn); background: var(--warn-wash); }
        .good { color: var(--good); background: var(--good-wash); }
        .bad { color: var(--bad); background: var(--bad-wash); }
        .idle, .plainchip { color: var(--idle); background: var(--idle-wash); }
        .banner {
          margin-top: 1rem; padding: .875rem 1rem; border-radius: .75rem; border-left: .25rem solid currentColor;
          font-weight: 600;
        }
        .banner:focus-visible { outline-width: 2px; outline-offset: 3px; }
        .columns, .column { display: grid; gap: .875rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
        .card {
          background: var(--card); border: 1px solid var(--line); border-radius: .875rem; padding: 1.125rem 1rem;
        }
        .plain { max-width: 36rem; margin: 2rem auto 0; padding: 1.75rem 1.25rem; }
        .plain > * + * { margin-top: .875rem; }
        .plain .words { margin-top: .875rem; }
        .over { color: var(--soft); font-size: .9375rem; }
        .facts { display: grid; gap: .375rem; margin-top: .75rem; }
        .fact {
          display: grid; gap: 0 .75rem; grid-template-columns: 5.25rem minmax(0, 1fr); align-items: baseline;
        }
        .fact dt { color: var(--soft); font-size: .875rem; }
        .fact dd { font-weight: 550; line-height: 1.4; unicode-bidi: isolate; }
        .facts.all .origin { display: inline; margin-left: .375rem; }
        .facts.all .fact { grid-template-columns: 7rem minmax(0, 1fr); }
        .unknown, .fact .unknown { color: var(--soft); font-weight: 400; font-style: italic; }
        .origin { display: block; color: var(--soft); font-size: .8125rem; font-weight: 400; line-height: 1.35; }
        .recordlink {
          display: inline-flex; flex-wrap: wrap; gap: 0 .5rem; align-items: center; min-height: 2.75rem;
          font-weight: 600;
        }
        .words {
          margin-top: .375rem; padding: .625rem .875rem; border-left: .1875rem solid var(--accent);
          background: var(--accent-wash); border-radius: 0 .5rem .5rem 0; white-space: pre-wrap; unicode-bidi: isolate;
        }
        .hint {
          margin-top: .875rem; padding: .5rem .75rem; border-radius: .5rem; font-size: .875rem;
          background: var(--idle-wash); color: var(--idle);
        }
        .hint.warn { background: var(--warn-wash); color: var(--warn); }
        .record { margin-top: .5rem; }
        summary {
          display: flex; align-items: center; justify-content: space-between; gap: .75rem; min-height: 2.75rem;
          font-weight: 600; cursor: pointer; border-radius: .5rem; list-style: none;
        }
        summary::-webkit-details-marker { display: none; }
        summary::after {
          content: ""; flex: none; width: .5rem; height: .5rem; margin-right: .25rem; border: solid var(--soft);
          border-width: 0 2px 2px 0; transform: rotate(45deg);
        }
        details[open] > summary::after { transform: rotate(225deg); }
        .fold { padding-top: .25rem; padding-bottom: .25rem; }
        .fold[open] { padding-bottom: 1.125rem; }
        .inner { margin: .5rem 0 -.625rem; border-top: 1px solid var(--line); }
        .inner[open] { margin-bottom: 0; }
        main > .fold { margin-top: .875rem; }
        .reps { border: 0; min-width: 0; display: grid; gap: .5rem; }
        .reps legend { margin-bottom: .75rem; }
        .fold .reps legend { margin-top: .375rem; }
        .rep { border: 1px solid var(--edge); border-radius: .75rem; }
        .pick {
          display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .125rem .75rem; align-items: center;
          min-height: 3.5rem; padding: .75rem .875rem; border-radius: .75rem; cursor: pointer;
        }
        .pick input {
          grid-row: 1 / span 2; width: 1.375rem; height: 1.375rem; margin: 0; accent-color: var(--accent);
        }
        .rep:has(input:checked) {
          border-color: var(--accent); background: var(--accent-wash); box-shadow: inset 0 0 0 1px var(--accent);
        }
        .pick:has(input:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
        .pick:has(input:focus-visible) input { outline: none; }
        .repname { font-weight: 600; }
        .load { color: var(--soft); font-size: .875rem; text-align: right; font-variant-numeric: tabular-nums; }
        .load.full { color: var(--bad); font-weight: 600; }
        .bars { grid-column: 2 / -1; display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .75rem; }
        .bar { display: block; color: var(--soft); font-size: .75rem; line-height: 1.3; }
        .bar svg { display: block; }
        .rail { fill: var(--idle-wash); stroke: var(--line); stroke-width: .5; }
        .level { fill: var(--accent); }
        .warning {
          grid-column: 2 / -1; justify-self: start; margin-top: .375rem; padding: .0625rem .5rem; border-radius: .5rem;
          font-size: .8125rem; color: var(--warn); background: var(--warn-wash);
        }
        .reasons { padding: 0 .875rem; font-size: .875rem; }
        .reasons summary {
          color: var(--soft); font-weight: 400; border-top: 1px solid var(--line); border-radius: 0;
        }
        .reasons ul { list-style: none; display: grid; gap: .25rem; padding-bottom: .75rem; }
        .reasons li { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .5rem; }
        .steps { margin-top: .375rem; padding-inline-start: 1.5rem; display: grid; gap: .375rem; }
        .excluded { list-style: none; display: grid; gap: .5rem; padding-bottom: .75rem; font-size: .9375rem; }
        .field { display: block; margin-top: 1rem; }
        .label { display: block; font-weight: 600; font-size: .9375rem; margin-bottom: .375rem; }
        textarea, select, .line {
          width: 100%; min-height: 2.875rem; padding: .625rem .75rem; font: inherit; color: inherit;
          background: var(--card); border: 1px solid var(--edge); border-radius: .625rem;
        }
        textarea { resize: vertical; line-height: 1.4; }
        .button {
          display: inline-flex; align-items: center; justify-content: center; gap: .5rem; flex-wrap: wrap;
          min-height: 2.875rem; padding: .5rem 1.125rem; font: inherit; font-weight: 600; text-decoration: none;
          color: var(--accent); background: var(--card); border: 1px solid var(--edge); border-radius: .625rem;
          cursor: pointer;
        }
        .button:hover { border-color: var(--accent); background: var(--accent-wash); }
        .button:active { transform: translateY(1px); }
        .button.main { color: var(--accent-ink); background: var(--accent); border-color: var(--accent); }
        .button.main:hover { filter: brightness(1.08); }
        .button.danger { color: var(--bad); margin-top: 1rem; }
        .button.danger:hover { border-color: var(--bad); background: var(--bad-wash); }
        .button.wide { width: 100%; min-height: 3.25rem; margin-top: 1rem; font-size: 1.0625rem; }
        .field + .button { margin-top: 1rem; }
        .row { display: flex; flex-wrap: wrap; gap: .625rem; margin-top: .5rem; }
        .aside { display: grid; gap: .75rem; justify-items: start; }
        .aside p { color: var(--soft); font-size: .9375rem; }
        .aside .wide { margin-top: 0; }
        .who { font-size: 1.125rem; font-weight: 600; margin-top: .25rem; }
        .contacts { list-style: none; display: grid; gap: .5rem; margin-top: .75rem; }
        .contact { display: flex; justify-content: flex-start; gap: .75rem; min-height: 3.25rem; align-items: center; }
        .contact > .soft { flex: 0 0 3.5rem; font-size: .875rem; }
        .contact > bdi { flex: 1; min-width: 0; }
        span.contact { padding: 0 1.125rem; border: 1px dashed var(--line); border-radius: .625rem; }
        .story { list-style: none; margin-top: .75rem; display: grid; gap: .75rem; }
        .story li { display: grid; gap: 0 .875rem; grid-template-columns: minmax(0, 1fr); }
        .story time {
          color: var(--soft); font-size: .8125rem; font-variant-numeric: tabular-nums; line-height: 1.5rem;
        }
        @media (min-width: 40rem) {
          main, .top, .foot { padding-left: 1.5rem; padding-right: 1.5rem; }
          h1 { font-size: 2rem; }
          .card { padding: 1.375rem 1.5rem; }
          .fold { padding-top: .5rem; padding-bottom: .5rem; }
          .plain { padding: 2.25rem; }
          .story li { grid-template-columns: 8.5rem minmax(0, 1fr); }
          .fact, .facts.all .fact { grid-template-columns: 8.5rem minmax(0, 1fr); }
        }
        @media (min-width: 60rem) {
          .columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.125rem; }
        }
        @media print { .button, .skip, .aside { display: none; } body { background: none; } }
        """
}
