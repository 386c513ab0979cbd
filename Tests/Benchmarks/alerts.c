// What generate.c is to leadbell, for Alertmanager: posts distinct alerts of about 330 bytes to /api/v2/alerts over
// one keep-alive connection, --batch of them a body, each with the label lead="bench-I". Prints "FIRST_NS LAST_NS",
// the instants before the first POST and after the last answer. With --log it leaves a line "ID NS" a body: the
// instant before its POST. An answer other than 200, or a closed connection, ends it with 1. Run by bench.py.

#include <unistd.h>

#include "client.h"
#include "clock.h"

static const char *const program = "alerts";

enum { alertLimit = 512, headRoom = 256 };

static int describe(char *p, long id) {
    return snprintf(p, alertLimit,
                    "{\"labels\":{\"alertname\":\"lead\",\"lead\":\"bench-%ld\",\"project_type\":\"commercial\"},"
                    "\"annotations\":{\"name\":\"Rivera\",\"email\":\"bench-%ld@customer.example\","
                    "\"phone\":\"+1 312 555 %04ld\",\"company\":\"Rivera %ld Ltd\",\"city\":\"Chicago\","
                    "\"value\":\"12500\","
                    "\"description\":\"A kitchen in pale stone, about nine metres of worktop, needed by spring.\"}}",
                    id, id, id % 10000, id);
}

int main(int argc, char **argv) {
    const char *log = NULL;
    long port = 0, count = 1, first = 0, batch = 100;
    double rate = 0;
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--port") == 0) port = atol(value);
        else if (strcmp(argv[i], "--count") == 0) count = atol(value);
        else if (strcmp(argv[i], "--first") == 0) first = atol(value);
        else if (strcmp(argv[i], "--batch") == 0) batch = atol(value);
        else if (strcmp(argv[i], "--rate") == 0) rate = atof(value);
        else if (strcmp(argv[i], "--log") == 0) log = value;
        else port = 0, i = argc;
    }
    if (port < 1 || count < 1 || first < 0 || batch < 1 || batch > 10000) {
        fprintf(stderr, "usage: alerts --port N [--count ALERTS] [--first ID] [--batch ALERTS_A_BODY] "
                        "[--rate BODIES_A_SECOND] [--log FILE]\n");
        return 64;
    }
    long bodies = (count + batch - 1) / batch;
    int64_t *posted = malloc((size_t)bodies * sizeof *posted);
    char *bytes = malloc(headRoom + (size_t)batch * alertLimit + 2);
    if (!posted || !bytes) fail("out of memory");
    int fd = dial((int)port);
    int64_t began = now();
    for (long body = 0; body < bodies; body++) {
        size_t size = headRoom;
        bytes[size++] = '[';
        for (long id = first + body * batch; id < first + count && id < first + (body + 1) * batch; id++) {
            if (bytes[size - 1] == '}') bytes[size++] = ',';
            size += (size_t)describe(bytes + size, id);
        }
        bytes[size++] = ']';
        char head[headRoom];
        int headLength = snprintf(head, sizeof head,
                                  "POST /api/v2/alerts HTTP/1.1\r\nHost: 127.0.0.1:%ld\r\n"
                                  "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                                  port, size - headRoom);
        char *request = bytes + headRoom - headLength;
        memcpy(request, head, (size_t)headLength);
        if (rate > 0) sleepUntil(began + (int64_t)((double)body * 1e9 / rate));
        posted[body] = now();
        sendAll(fd, request, (size_t)headLength + size - headRoom);
        takeAnswer(fd, "200");
    }
    int64_t ended = now();
    if (log) {
        FILE *file = fopen(log, "w");
        if (!file) fail("can't write the log");
        for (long i = 0; i < bodies; i++) fprintf(file, "%ld %ld\n", first + i * batch, posted[i]);
        if (fclose(file) != 0) fail("can't write the log");
    }
    printf("%ld %ld\n", posted[0], ended);
    close(fd);
    return 0;
}
