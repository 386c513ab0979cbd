// The page of a web form. The field that nobody sees is hidden from readers of screens as well.

extension Templates {
    static let form = """
        {{<layout}}
        {{$main}}
        <section class="card plain" aria-labelledby="title">
        <h1 id="title">{{title}}</h1>
        {{>banners}}
        <form method="post" action="?">
        <input type="hidden" name="ticket" value="{{ticket}}">
        {{#inputs}}
        <p><label for="in-{{name}}">{{label}}{{#isRequired}} (needed){{/isRequired}}</label>
        {{#isLong}}
        <textarea id="in-{{name}}" name="{{name}}" rows="6" maxlength="10000"{{#isRequired}} required{{/isRequired}}>\
        {{value}}</textarea>
        {{/isLong}}
        {{^isLong}}
        <input id="in-{{name}}" name="{{name}}" type="{{type}}" value="{{value}}" maxlength="300" \
        autocomplete="{{autocomplete}}"{{#isRequired}} required{{/isRequired}}>
        {{/isLong}}
        </p>
        {{/inputs}}
        <p hidden aria-hidden="true"><label>Leave this empty <input name="{{trap}}" tabindex="-1" autocomplete="off">\
        </label></p>
        <button class="button main" type="submit">{{button}}</button>
        </form>
        </section>
        {{/main}}
        {{/layout}}
        """
}
