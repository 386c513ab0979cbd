// The floor under mails: bare libcurl, an easy handle and a connection a thread, kept from mail to mail. Prints
// "COUNT NANOSECONDS"; a mail that fails ends it with 1. bench.py runs it against the relay that the daemon is measured
// against.

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum { threadLimit = 64, bodyLimit = 256 * 1024 };

static const char *url;
static long count = 2000, size = 6000;
static atomic_long started;
static char *body;

struct reading {
    size_t taken;
};

static size_t give(char *buffer, size_t unit, size_t units, void *context) {
    struct reading *reading = context;
    size_t left = (size_t)size - reading->taken, room = unit * units, n = left < room ? left : room;
    memcpy(buffer, body + reading->taken, n);
    reading->taken += n;
    return n;
}

static size_t discard(char *data, size_t unit, size_t units, void *context) {
    (void)data, (void)context;
    return unit * units;
}

static void *work(void *context) {
    (void)context;
    CURL *easy = curl_easy_init();
    struct curl_slist *to = curl_slist_append(NULL, "<morgan@example.com>");
    struct reading reading;
    if (!easy || !to) exit(1);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, "<leads@example.com>");
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(easy, CURLOPT_READDATA, &reading);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    while (atomic_fetch_add(&started, 1) < count) {
        reading.taken = 0;
        CURLcode code = curl_easy_perform(easy);
        if (code != CURLE_OK) {
            fprintf(stderr, "mailfloor: %s\n", curl_easy_strerror(code));
            exit(1);
        }
    }
    curl_easy_cleanup(easy);
    curl_slist_free_all(to);
    return NULL;
}

int main(int argc, char **argv) {
    long threads = 4;
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--url") == 0) url = value;
        else if (strcmp(argv[i], "--count") == 0) count = atol(value);
        else if (strcmp(argv[i], "--connections") == 0) threads = atol(value);
        else if (strcmp(argv[i], "--bytes") == 0) size = atol(value);
        else url = NULL, i = argc;
    }
    if (!url || count < 1 || threads < 1 || threads > threadLimit || size < 100 || size > bodyLimit) {
        fprintf(stderr, "usage: mailfloor --url URL [--count N] [--connections 1-%d] [--bytes N]\n", threadLimit);
        return 64;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    body = malloc((size_t)size);
    if (!body) return 1;
    for (long i = 0; i < size; i++) body[i] = i % 72 == 70 ? '\r' : i % 72 == 71 ? '\n' : 'x';
    memcpy(body, "Subject: bench\r\n\r\n", 18);
    pthread_t ids[threadLimit];
    int64_t began = now();
    for (long i = 0; i < threads; i++) {
        if (pthread_create(&ids[i], NULL, work, NULL) != 0) return 1;
    }
    for (long i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    printf("%ld %ld\n", count, (long)(now() - began));
    return 0;
}
