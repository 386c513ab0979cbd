// Posts leads to leadbell's POST /v1/leads over keep-alive connections, --connections of them at once, each waiting for its
// answer before it posts again. Prints "FIRST_NS LAST_NS", the instants before the first POST and after the last answer. With
// --log it leaves a line "ID NS" a post: how long its answer took. An answer other than 202, or a closed connection, ends it
// with 1. Run by bench.py.

#include <getopt.h>
#include <pthread.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"

static const char *const program = "posts";

enum { mostConnections = 256 };

static int port;
static long count, connections = 32;
static const char *token = "";
static int64_t *taken;

static void *post(void *first) {
    int fd = dial(port);
    for (long id = (long)first; id < count; id += connections) {
        char body[512], request[1024];
        int size = snprintf(body, sizeof body,
                            "{\"id\":\"bench-%ld\",\"name\":\"bench-%ld Rivera\",\"email\":\"bench-%ld@customer.example\","
                            "\"phone\":\"+1 312 555 %04ld\",\"company\":\"Rivera %ld Ltd\",\"city\":\"Chicago\","
                            "\"project_type\":\"commercial\",\"value\":\"12500\","
                            "\"description\":\"A kitchen in pale stone, about nine metres of worktop.\"}",
                            id, id, id, id % 10000, id);
        int length = snprintf(request, sizeof request,
                              "POST /v1/leads HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
                              "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                              token, size, body);
        int64_t begin = now();
        sendAll(fd, request, (size_t)length);
        takeAnswer(fd, "202");
        taken[id] = now() - begin;
    }
    close(fd);
    return NULL;
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"port", 1, 0, 'p'},  {"count", 1, 0, 'c'}, {"connections", 1, 0, 'n'},
                                            {"token", 1, 0, 't'}, {"log", 1, 0, 'l'},   {0}};
    const char *log = NULL;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'c': count = atol(optarg); break;
        case 'n': connections = atol(optarg); break;
        case 't': token = optarg; break;
        case 'l': log = optarg; break;
        default: fail("usage: posts --port P --count N [--connections C] --token T [--log FILE]");
        }
    }
    if (connections < 1 || connections > mostConnections || count < 1) fail("a count or a number of connections is wrong");
    taken = calloc((size_t)count, sizeof *taken);
    if (!taken) fail("out of memory");
    pthread_t threads[mostConnections];
    int64_t first = now();
    for (long i = 0; i < connections; i++) {
        if (pthread_create(&threads[i], NULL, post, (void *)i) != 0) fail("no thread");
    }
    for (long i = 0; i < connections; i++) pthread_join(threads[i], NULL);
    int64_t last = now();
    if (log) {
        FILE *file = fopen(log, "w");
        if (!file) fail("can't write the log");
        for (long id = 0; id < count; id++) fprintf(file, "%ld %lld\n", id, (long long)taken[id]);
        if (fclose(file) != 0) fail("can't write the log");
    }
    printf("%lld %lld\n", (long long)first, (long long)last);
    return 0;
}
