// The peer that benchmarks send to: an HTTP/1.1 keep-alive server on loopback, one thread, one epoll loop. It answers
// every POST at once, stamps the first byte of each request and remembers when each marked id came first.
// A malformed request closes its connection and is counted as bad; anything wrong at start ends the program with 1.
// bench.py starts it, reads `port N` from its standard output, and ends it by closing its standard input.
//
// GET /stats[?path=P]   {"requests","distinct","first_ns","last_ns","last_distinct_ns","bad"}
// GET /times[?path=P]   a line "ID NS" for each id that came (P is a --path prefix; without it, or with "/", the rest)
// GET /body?id=N        the last body that id N came in on a path with no --path prefix, if --keep is above N

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "marker.h"

enum {
    connectionLimit = 16384,
    headLimit = 8 * 1024,
    bodyLimit = 32 * 1024,  // of what --keep keeps; longer bodies are counted, and kept cut
    readSize = 64 * 1024,
    replySize = 64 * 1024,
    tableLimit = 5,
};

enum phase { readingHead, readingBody, readingChunkSize, readingChunk, readingChunkEnd, readingTrailer };

struct connection {
    enum phase phase;
    bool isGet, closes, chunked, sawSize, inExtension;
    int table;
    int64_t arrived;
    size_t headLength, remaining, lineLength, bodyLength;
    struct search search;
    char head[headLimit];
    char body[bodyLimit];
};

struct table {
    const char *path;
    int64_t requests, distinct, first, last, lastDistinct;
    int64_t *times;
};

static struct connection *connections;
static struct table tables[tableLimit] = {{.path = "/"}};
static int tableCount = 1;
static int64_t badCount;
static struct marker marker;
static bool accepted202;
static long keepCount;
static char *keptBodies;
static uint32_t *keptLengths;
static char readBuffer[readSize], replies[replySize];
static size_t replyLength;

static void fail(const char *what) {
    fprintf(stderr, "sink: %s: %s\n", what, strerror(errno));
    exit(1);
}

// Memory that costs nothing until it is touched, so that no request allocates.
static void *reserve(size_t size) {
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) fail("mmap");
    return p;
}

// MARK: replies

// Replies are small and the peer reads them, so waiting here is rare; a peer that stops reading is given up after 5 s.
static bool writeAll(int fd, const char *p, size_t n) {
    while (n > 0) {
        ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
        if (k > 0) {
            p += k;
            n -= (size_t)k;
        } else if (k < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            if (poll(&wait, 1, 5000) <= 0) return false;
        } else if (k < 0 && errno != EINTR) {
            return false;
        }
    }
    return true;
}

static bool flushReplies(int fd) {
    size_t n = replyLength;
    replyLength = 0;
    return n == 0 || writeAll(fd, replies, n);
}

static bool reply(int fd, const char *text, size_t n) {
    if (replyLength + n > replySize && !flushReplies(fd)) return false;
    memcpy(replies + replyLength, text, n);
    replyLength += n;
    return true;
}

static bool answer(int fd, int status, const char *type, const char *body, size_t n) {
    char head[160];
    int k = snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", status,
                     status == 200 ? "OK" : "Not Found", type, n);
    return flushReplies(fd) && writeAll(fd, head, (size_t)k) && writeAll(fd, body, n);
}

static int tableNamed(const char *query) {
    const char *p = query ? strstr(query, "path=") : NULL;
    for (int i = 0; p && i < tableCount; i++) {
        if (strcmp(p + 5, tables[i].path) == 0) return i;
    }
    return p ? -1 : 0;
}

static bool answerStats(int fd, int only) {
    struct table sum = {0};
    for (int i = 0; i < tableCount; i++) {
        const struct table *t = &tables[i];
        if ((only >= 0 && i != only) || t->requests == 0) continue;
        sum.requests += t->requests;
        sum.distinct += t->distinct;
        if (sum.first == 0 || t->first < sum.first) sum.first = t->first;
        if (t->last > sum.last) sum.last = t->last;
        if (t->lastDistinct > sum.lastDistinct) sum.lastDistinct = t->lastDistinct;
    }
    char text[320];
    int n = snprintf(text, sizeof text,
                     "{\"requests\":%ld,\"distinct\":%ld,\"first_ns\":%ld,\"last_ns\":%ld,\"last_distinct_ns\":%ld,"
                     "\"bad\":%ld}\n",
                     sum.requests, sum.distinct, sum.first, sum.last, sum.lastDistinct, badCount);
    return answer(fd, 200, "application/json", text, (size_t)n);
}

static bool answerTimes(int fd, const struct table *t) {
    size_t limit = (size_t)t->distinct * 32 + 1, n = 0;
    char *text = reserve(limit);
    for (int64_t id = 0, left = t->distinct; left > 0 && id < idLimit; id++) {
        if (t->times[id] == 0) continue;
        n += (size_t)snprintf(text + n, limit - n, "%ld %ld\n", id, t->times[id]);
        left--;
    }
    bool sent = answer(fd, 200, "text/plain", text, n);
    munmap(text, limit);
    return sent;
}

static bool answerGet(int fd, char *target) {
    char *query = strchr(target, '?');
    if (query) *query++ = 0;
    int table = tableNamed(query);
    const char *id = query ? strstr(query, "id=") : NULL;
    if (strcmp(target, "/stats") == 0 && !(query && table < 0)) return answerStats(fd, query ? table : -1);
    if (strcmp(target, "/times") == 0 && table >= 0) return answerTimes(fd, &tables[table]);
    if (strcmp(target, "/body") == 0 && id) {
        long n = atol(id + 3);
        if (n >= 0 && n < keepCount && keptLengths[n] > 0) {
            return answer(fd, 200, "application/octet-stream", keptBodies + n * bodyLimit, keptLengths[n]);
        }
    }
    return answer(fd, 404, "text/plain", "", 0);
}

// MARK: requests

static bool parseHead(struct connection *c, size_t length) {
    char *p = c->head;
    p[length - 2] = 0;  // the last line's own CRLF stays, the empty line goes
    c->isGet = strncmp(p, "GET ", 4) == 0;
    if (!c->isGet && strncmp(p, "POST ", 5) != 0) return false;
    c->chunked = c->closes = false;
    c->remaining = 0;
    for (char *line = strchr(p, '\n'); line && line[1]; line = strchr(line, '\n')) {
        line++;
        if (strncasecmp(line, "content-length:", 15) == 0) c->remaining = strtoul(line + 15, NULL, 10);
        if (strncasecmp(line, "transfer-encoding: chunked", 26) == 0) c->chunked = true;
        if (strncasecmp(line, "connection: close", 17) == 0) c->closes = true;
    }
    char *target = strchr(p, ' ') + 1, *end = strpbrk(target, " \r\n");
    if (!end || *end != ' ') return false;
    *end = 0;
    memmove(p, target, (size_t)(end - target) + 1);
    c->table = 0;
    for (int i = 1; i < tableCount; i++) {
        if (strncmp(p, tables[i].path, strlen(tables[i].path)) == 0) c->table = i;
    }
    c->search = makeSearch();
    c->bodyLength = c->lineLength = 0;
    c->sawSize = c->inExtension = false;
    c->phase = c->chunked ? readingChunkSize : readingBody;
    return true;
}

static void takeBody(struct connection *c, const char *p, size_t n) {
    searchOn(&c->search, &marker, p, n);
    if (keepCount == 0) return;
    size_t room = bodyLimit - c->bodyLength;
    memcpy(c->body + c->bodyLength, p, n < room ? n : room);
    c->bodyLength += n < room ? n : room;
}

static void record(struct connection *c) {
    struct table *t = &tables[c->table];
    if (t->requests++ == 0) t->first = c->arrived;
    t->last = c->arrived;
    int64_t id = c->search.id;
    if (id < 0 || id >= idLimit) return;
    if (t->times[id] == 0) {
        t->times[id] = c->arrived;
        t->lastDistinct = c->arrived;
        t->distinct++;
    }
    if (id < keepCount && c->table == 0) {
        memcpy(keptBodies + id * bodyLimit, c->body, c->bodyLength);
        keptLengths[id] = (uint32_t)c->bodyLength;
    }
}

static bool finish(int fd, struct connection *c) {
    static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";
    static const char accepted[] = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    c->phase = readingHead;
    c->headLength = 0;
    if (c->isGet) return answerGet(fd, c->head) && !c->closes;
    record(c);
    bool written = accepted202 ? reply(fd, accepted, sizeof accepted - 1) : reply(fd, ok, sizeof ok - 1);
    if (c->closes) flushReplies(fd);
    return written && !c->closes;
}

// Takes one byte of a chunk's size line, of the line end behind a chunk, or of the trailer.
static bool takeFraming(int fd, struct connection *c, char b) {
    if (c->phase == readingChunkEnd) {
        if (b == '\n') c->phase = readingChunkSize;
        return b == '\n' || b == '\r';
    }
    if (c->phase == readingTrailer) {
        if (b == '\n' && c->lineLength == 0) return finish(fd, c);
        c->lineLength = b == '\n' ? 0 : c->lineLength + (b != '\r');
        return true;
    }
    if (b == '\n') {
        if (!c->sawSize) return false;
        c->phase = c->remaining > 0 ? readingChunk : readingTrailer;
        c->lineLength = 0;
        c->sawSize = c->inExtension = false;
    } else if (b == ';' || b == '\r' || b == ' ') {
        c->inExtension = true;
    } else if (!c->inExtension) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = memchr(digits, lowered(b), 16);
        if (!digit || c->remaining > SIZE_MAX / 32) return false;
        c->remaining = c->remaining * 16 + (size_t)(digit - digits);
        c->sawSize = true;
    }
    return true;
}

static bool takeHead(struct connection *c, const char *p, size_t n, size_t *used) {
    size_t old = c->headLength, room = headLimit - old, from = old > 3 ? old - 3 : 0;
    if (n > room) n = room;
    memcpy(c->head + old, p, n);
    c->headLength += n;
    const char *end = memmem(c->head + from, c->headLength - from, "\r\n\r\n", 4);
    *used = end ? (size_t)(end - c->head) + 4 - old : n;
    if (end) return parseHead(c, (size_t)(end - c->head) + 4);
    return c->headLength < headLimit;
}

// Feeds what one read brought to the connection's parser; false closes the connection.
static bool take(int fd, struct connection *c, const char *p, size_t n, int64_t at) {
    while (n > 0) {
        size_t used = 1;
        bool good = true;
        if (c->phase == readingHead) {
            if (c->headLength == 0) c->arrived = at;
            good = takeHead(c, p, n, &used);
        } else if (c->phase == readingBody || c->phase == readingChunk) {
            used = n < c->remaining ? n : c->remaining;
            takeBody(c, p, used);
            c->remaining -= used;
            if (c->phase == readingChunk && c->remaining == 0) c->phase = readingChunkEnd;
        } else {
            good = takeFraming(fd, c, *p);
        }
        if (!good) {
            if (!c->closes) badCount++;
            return false;
        }
        p += used;
        n -= used;
        if (c->phase == readingBody && c->remaining == 0 && !finish(fd, c)) return false;
    }
    return flushReplies(fd);
}

// MARK: the loop

static void acceptAll(int listener, int poller) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (fd >= connectionLimit || epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0) {
            badCount++;
            close(fd);
            continue;
        }
        int one = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connections[fd].phase = readingHead;
        connections[fd].closes = false;
        connections[fd].headLength = 0;
    }
}

static void serve(int listener, double seconds) {
    int poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = listener}, events[256];
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &wanted) < 0) fail("epoll");
    wanted.data.fd = STDIN_FILENO;  // a file or /dev/null can't be watched: then --seconds or a signal ends the program
    epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &wanted);
    int64_t deadline = seconds > 0 ? now() + (int64_t)(seconds * 1e9) : INT64_MAX;
    for (;;) {
        int64_t left = deadline == INT64_MAX ? -1 : (deadline - now()) / 1000000;
        if (deadline != INT64_MAX && left <= 0) return;
        int count = epoll_wait(poller, events, 256, (int)left);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                acceptAll(listener, poller);
                continue;
            }
            ssize_t n = read(fd, readBuffer, readSize);
            if (fd == STDIN_FILENO) {
                if (n <= 0) return;
            } else if (n <= 0 ? errno != EAGAIN || n == 0 : !take(fd, &connections[fd], readBuffer, (size_t)n, now())) {
                replyLength = 0;
                close(fd);
            }
        }
    }
}

int main(int argc, char **argv) {
    double seconds = 0;
    const char *markerText = "bench-";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--port") == 0) address.sin_port = htons((uint16_t)atoi(value));
        else if (strcmp(argv[i], "--seconds") == 0) seconds = atof(value);
        else if (strcmp(argv[i], "--status") == 0) accepted202 = atoi(value) == 202;
        else if (strcmp(argv[i], "--marker") == 0) markerText = value;
        else if (strcmp(argv[i], "--keep") == 0) keepCount = atol(value);
        else if (strcmp(argv[i], "--path") == 0 && tableCount < tableLimit) tables[tableCount++].path = value;
        else {
            fprintf(stderr, "usage: sink [--port N] [--seconds S] [--status 200|202] [--marker STR] [--keep IDS] "
                            "[--path PREFIX]...\n");
            return 64;
        }
    }
    if (strlen(markerText) < 1 || strlen(markerText) > markerLimit) {
        fprintf(stderr, "sink: --marker takes 1 to %d bytes\n", markerLimit);
        return 64;
    }
    marker = makeMarker(markerText);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    connections = reserve(sizeof(struct connection) * connectionLimit);
    for (int i = 0; i < tableCount; i++) tables[i].times = reserve(sizeof(int64_t) * idLimit);
    if (keepCount > 0) {
        keptBodies = reserve((size_t)keepCount * bodyLimit);
        keptLengths = reserve((size_t)keepCount * sizeof(uint32_t));
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    socklen_t length = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0) fail("bind");
    if (listen(listener, 4096) < 0 || getsockname(listener, (struct sockaddr *)&address, &length) < 0) fail("listen");
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    serve(listener, seconds);
    return 0;
}
