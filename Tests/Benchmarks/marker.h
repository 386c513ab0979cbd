// Finds the id of a lead in a message: the first marker (`bench-`) that digits follow. Messages come in pieces, so a
// search keeps its place between them. Letter case is ignored: a peer may write a lead's name with a capital. For
// sink.c.

#ifndef MARKER_H
#define MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { markerLimit = 63, idLimit = 2000001 };

struct marker {
    const char *text;
    int length;
    int fallback[markerLimit];  // Knuth, Morris and Pratt: where to go on after a mismatch
};

struct search {
    int matched;    // bytes of the marker matched so far; its length while reading digits
    bool finished;  // the number is complete, and later markers do not count
    int64_t id;     // -1 until a digit followed the marker
};

static inline int lowered(int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

// `text` has 1 to markerLimit bytes.
static inline struct marker makeMarker(const char *text) {
    struct marker m = {.text = text, .length = (int)strlen(text)};
    for (int i = 1, k = 0; i < m.length; i++) {
        while (k > 0 && lowered(text[i]) != lowered(text[k])) k = m.fallback[k - 1];
        if (lowered(text[i]) == lowered(text[k])) k++;
        m.fallback[i] = k;
    }
    return m;
}

static inline struct search makeSearch(void) { return (struct search){.id = -1}; }

static inline void searchOn(struct search *s, const struct marker *m, const char *p, size_t n) {
    for (size_t i = 0; i < n && !s->finished; i++) {
        if (s->matched == m->length) {
            if (p[i] >= '0' && p[i] <= '9' && s->id < idLimit) {
                s->id = (s->id < 0 ? 0 : s->id * 10) + (p[i] - '0');
                continue;
            }
            if (s->id >= 0) {
                s->finished = true;
                return;
            }
            s->matched = m->fallback[m->length - 1];
        }
        int c = lowered(p[i]);
        while (s->matched > 0 && c != lowered(m->text[s->matched])) s->matched = m->fallback[s->matched - 1];
        if (c == lowered(m->text[s->matched])) s->matched++;
    }
}

#endif
