// Writes lead files the way a careful producer does: .NAME.tmp first, then a rename into the same directory, each
// lead a JSON object of about 330 bytes whose id and name begin with "bench-I"; with --telling 1 of about 500, with something
// for each enricher to find, as a web site's form gives it. Prints "FIRST_NS LAST_NS", the
// instants before the first rename and after the last. With --stage all files are written into another folder of the same
// file system beforehand, and only renamed in while the clock runs: ext4 without a journal searches ever longer for an
// inode that nobody has just freed, which would measure the file system's allocator. With --log it leaves a line "ID NS" a file: the instant
// between close and rename, so that what is measured from it includes the rename. Any failed system call ends it
// with 1. Run by bench.py.

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

enum { leadLimit = 1024 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int describe(char *p, long id) {
    return snprintf(p, leadLimit,
                    "{\"id\":\"bench-%ld\",\"source\":\"bench\",\"name\":\"bench-%ld Rivera\","
                    "\"email\":\"bench-%ld@customer.example\",\"phone\":\"+1 312 555 %04ld\","
                    "\"company\":\"Rivera %ld Ltd\","
                    "\"city\":\"Chicago\",\"state\":\"IL\",\"country\":\"US\",\"project_type\":\"commercial\","
                    "\"value\":\"12500\",\"currency\":\"USD\","
                    "\"description\":\"A kitchen in pale stone, about nine metres of worktop, needed by spring.\"}\n",
                    id, id, id, id % 10000, id);
}

static int describeTelling(char *p, long id) {
    // Firms and postal codes of config/firms.csv and config/postal-codes.txt, and as many that are in neither.
    static const char *domains[] = {"acme-arts.example", "lakeside-museum.example", "northgate-gallery.example"};
    static const char *codes[] = {"60601", "60602", "10001", "99999"};
    return snprintf(p, leadLimit,
                    "{\"id\":\"bench-%ld\",\"name\":\"bench-%ld Rivera\","
                    "\"email\":\"bench-%ld@%s%s\",\"phone\":\"(312) 555-%04ld\","
                    "\"company\":\"Rivera %ld Ltd\",\"postal_code\":\"%s\",\"country\":\"United States\","
                    "\"landing_page\":\"https://www.example.com/stone?utm_source=google&utm_medium=cpc&"
                    "utm_campaign=spring-%ld\",\"referrer\":\"https://www.google.com/\","
                    "\"description\":\"We need three marble reliefs for the lobby of our hotel as soon as possible, "
                    "before the guests come in spring. Our budget is about $12,500.\"}\n",
                    id, id, id, id % 2 ? "firm." : "", domains[id % 3], id % 10000, id, codes[id % 4], id % 50);
}

static void hide(char hidden[80], const char *name) { snprintf(hidden, 80, ".%s.tmp", name); }

static void put(int directory, const char *name, const char *bytes, size_t size) {
    char hidden[80];
    hide(hidden, name);
    int fd = openat(directory, hidden, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) fail(hidden);
    for (size_t written = 0; written < size;) {
        ssize_t n = write(fd, bytes + written, size - written);
        if (n < 0) fail(hidden);
        written += (size_t)n;
    }
    if (close(fd) < 0) fail(hidden);
}

static void publish(int stage, int directory, const char *name, int64_t *closed) {
    char hidden[80];
    hide(hidden, name);
    *closed = now();
    if (renameat(stage, hidden, directory, name) < 0) fail(name);
}

static void nameFile(char name[64], long first, long records) {
    snprintf(name, 64, "bench-%07ld.%s", first, records > 1 ? "ndjson" : "json");
}

static void writeLog(const char *path, const int64_t *closed, long first, long files, long records) {
    FILE *log = fopen(path, "w");
    if (!log) fail(path);
    for (long i = 0; i < files; i++) fprintf(log, "%ld %ld\n", first + i * records, closed[i]);
    if (fclose(log) != 0) fail(path);
}

int main(int argc, char **argv) {
    const char *path = NULL, *log = NULL, *staging = NULL;
    int (*describeLead)(char *, long) = describe;
    long count = 1, first = 0, records = 1;
    double rate = 0;
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--directory") == 0) path = value;
        else if (strcmp(argv[i], "--count") == 0) count = atol(value);
        else if (strcmp(argv[i], "--first") == 0) first = atol(value);
        else if (strcmp(argv[i], "--records") == 0) records = atol(value);
        else if (strcmp(argv[i], "--rate") == 0) rate = atof(value);
        else if (strcmp(argv[i], "--log") == 0) log = value;
        else if (strcmp(argv[i], "--stage") == 0) staging = value;
        else if (strcmp(argv[i], "--telling") == 0) describeLead = atoi(value) ? describeTelling : describe;
        else path = NULL, i = argc;
    }
    if (!path || count < 1 || first < 0 || records < 1 || records > 10000) {
        fprintf(stderr, "usage: generate --directory INCOMING [--count LEADS] [--first ID] [--records LEADS_A_FILE] "
                        "[--rate FILES_A_SECOND] [--log FILE] [--stage FOLDER] [--telling 1]\n");
        return 64;
    }
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) fail(path);
    int stage = staging ? open(staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : directory;
    if (stage < 0) fail(staging);
    long files = (count + records - 1) / records;
    int64_t *closed = malloc((size_t)files * sizeof *closed);
    char *bytes = malloc((size_t)records * leadLimit);
    if (!closed || !bytes) fail("malloc");
    char name[64];
    int64_t began = now();
    for (long file = 0; file < files; file++) {
        size_t size = 0;
        for (long id = first + file * records; id < first + count && id < first + (file + 1) * records; id++) {
            size += (size_t)describeLead(bytes + size, id);
        }
        nameFile(name, first + file * records, records);
        if (rate > 0) sleepUntil(began + (int64_t)((double)file * 1e9 / rate));
        put(stage, name, bytes, size);
        if (!staging) publish(stage, directory, name, &closed[file]);
    }
    for (long file = 0; staging && file < files; file++) {
        nameFile(name, first + file * records, records);
        publish(stage, directory, name, &closed[file]);
    }
    int64_t ended = now();
    if (log) writeLog(log, closed, first, files, records);
    printf("%ld %ld\n", closed[0], ended);
    return 0;
}
