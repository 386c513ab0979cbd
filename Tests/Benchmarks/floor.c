// The floor under every figure of deliveries: libcurl's bare multi loop, one thread, keep-alive, and nothing else.
// Prints "COUNT NANOSECONDS"; a transfer that fails, or an answer that is not 2xx, ends it with 1. bench.py runs it
// at 1 and at 16 requests in flight, against the sink that the daemon is measured against.

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum { inFlightLimit = 256, bodyLimit = 64 * 1024 };

struct transfer {
    CURL *easy;
    char *body;
};

static struct transfer transfers[inFlightLimit];
static long bodySize = 1500;

static size_t discard(char *data, size_t size, size_t count, void *context) {
    (void)data, (void)context;
    return size * count;
}

static void fail(const char *what, const char *why) {
    fprintf(stderr, "floor: %s: %s\n", what, why);
    exit(1);
}

// The id is unlike any other one's in the run, so the sink does for these bodies what it does for the daemon's.
static void label(struct transfer *t, long id) {
    char text[48];
    int n = snprintf(text, sizeof text, "{\"lead\":\"bench-%07ld\",", id);
    memcpy(t->body, text, (size_t)n < (size_t)bodySize ? (size_t)n : (size_t)bodySize);
}

static void prepare(struct transfer *t, const char *url, struct curl_slist *headers) {
    t->easy = curl_easy_init();
    t->body = malloc((size_t)bodySize);
    if (!t->easy || !t->body) fail("prepare", "out of memory");
    memset(t->body, 'x', (size_t)bodySize);
    curl_easy_setopt(t->easy, CURLOPT_URL, url);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body);
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE, bodySize);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
}

// Takes the finished transfers and starts each again while there is work left.
static void turnOver(CURLM *multi, long count, long *started, long *done) {
    int queued;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &queued));) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL *easy = message->easy_handle;
        struct transfer *t = NULL;
        long status = 0;
        if (message->data.result != CURLE_OK) fail("transfer", curl_easy_strerror(message->data.result));
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (status < 200 || status > 299) fail("transfer", "the answer is not 2xx");
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
        curl_multi_remove_handle(multi, easy);
        (*done)++;
        if (*started < count) {
            label(t, (*started)++);
            curl_multi_add_handle(multi, easy);
        }
    }
}

int main(int argc, char **argv) {
    const char *url = NULL;
    long count = 10000, inFlight = 1;
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--url") == 0) url = value;
        else if (strcmp(argv[i], "--count") == 0) count = atol(value);
        else if (strcmp(argv[i], "--in-flight") == 0) inFlight = atol(value);
        else if (strcmp(argv[i], "--bytes") == 0) bodySize = atol(value);
        else url = NULL, i = argc;
    }
    if (!url || count < 1 || inFlight < 1 || inFlight > inFlightLimit || bodySize < 1 || bodySize > bodyLimit) {
        fprintf(stderr, "usage: floor --url URL [--count N] [--in-flight 1-%d] [--bytes N]\n", inFlightLimit);
        return 64;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *multi = curl_multi_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
    headers = curl_slist_append(headers, "Expect:");
    if (!multi || !headers) fail("prepare", "out of memory");
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, inFlight);
    if (inFlight > count) inFlight = count;
    long started = 0, done = 0;
    for (int i = 0; i < inFlight; i++) prepare(&transfers[i], url, headers);
    int64_t began = now();
    for (int i = 0; i < inFlight; i++) {
        label(&transfers[i], started++);
        curl_multi_add_handle(multi, transfers[i].easy);
    }
    while (done < count) {
        int running;
        CURLMcode code = curl_multi_perform(multi, &running);
        if (code != CURLM_OK) fail("multi", curl_multi_strerror(code));
        long before = done;
        turnOver(multi, count, &started, &done);
        if (done == before && done < count) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    printf("%ld %ld\n", done, now() - began);
    return 0;
}
