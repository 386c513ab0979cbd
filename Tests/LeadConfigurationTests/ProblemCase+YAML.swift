// Problems of YAML itself; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofYAML = read(
        #"""
        # a list that is not closed
        - [dana, lee]
        + [dana, lee
        = 12:79: error: not valid YAML: did not find expected ',' or ']' while parsing a flow sequence
        ; check indentation, colons and quotes here and in the line above

        # a tab for indentation
        -   chat: {
        + \#tchat: {
        = 6:1: error: not valid YAML: found character that cannot start any token while scanning for the next token
        ; indent with spaces, not with tabs

        # a quote that is not closed
        - name: Example
        + name: 'Example
        = 1:15: error: not valid YAML: found unexpected end of stream while scanning a quoted scalar
        ; check indentation, colons and quotes here and in the line above

        # a colon that is missing
        - operators: [dana]
        + operators [dana]
        = 3:1: error: not valid YAML: could not find expected ':' while scanning a simple key
        ; check indentation, colons and quotes here and in the line above

        # an alias without its anchor
        - [dana, lee]
        + *both
        = 12:50: error: an alias refers to an anchor that isn't defined above it
        ; define it with '&' and its name before the first '*'

        # two documents
        - policies:
        + ---
        + policies:
        = 14:1: error: the file holds more than one YAML document
        ; remove the '---' in between

        # a control character
        - Example
        + Exa\#u{7}mple
        = 1:18: error: not valid YAML: control characters are not allowed
        ; remove the character that can't be seen

        # a merge key is not supported
        - managers: [lee],
        + <<: { when: 1 }, managers: [lee],
        = 13:7: error: '<<' in a route is not supported
        ; repeat the keys, or alias their values
        """#)
}
