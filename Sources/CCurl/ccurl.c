// The typed functions of ccurl.h. They forward and keep nothing.

#define _GNU_SOURCE
#include "ccurl.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define OPTION_IS(option, kind) ((long)(option) / 10000 * 10000 == (long)(kind))
#define INFO_IS(info, kind) (((long)(info) & CURLINFO_TYPEMASK) == (long)(kind))

CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
    if (!OPTION_IS(option, CURLOPTTYPE_LONG)) return CURLE_UNKNOWN_OPTION;
    return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    if (!OPTION_IS(option, CURLOPTTYPE_OFF_T)) return CURLE_UNKNOWN_OPTION;
    return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
    if (!OPTION_IS(option, CURLOPTTYPE_STRINGPOINT)) return CURLE_UNKNOWN_OPTION;
    return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    if (!OPTION_IS(option, CURLOPTTYPE_OBJECTPOINT)) return CURLE_UNKNOWN_OPTION;
    return curl_easy_setopt(easy, option, value);
}

CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *list) {
    if (!OPTION_IS(option, CURLOPTTYPE_SLISTPOINT)) return CURLE_UNKNOWN_OPTION;
    return curl_easy_setopt(easy, option, list);
}

CURLcode ccurl_set_body(CURL *easy, const void *bytes, curl_off_t count) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, count);
    // A null body would make libcurl read standard input.
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, bytes && count ? bytes : "");
    return code;
}

CURLcode ccurl_clear_body(CURL *easy) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)-1);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return code;
}

CURLcode ccurl_set_write_function(CURL *easy, curl_write_callback function, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, function);
    return code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

CURLcode ccurl_set_header_function(CURL *easy, curl_write_callback function, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, function);
    return code ? code : curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
}

CURLcode ccurl_set_read_function(CURL *easy, curl_read_callback function, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, function);
    return code ? code : curl_easy_setopt(easy, CURLOPT_READDATA, context);
}

CURLcode ccurl_set_progress_function(CURL *easy, curl_xferinfo_callback function, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, function);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    return code ? code : curl_easy_setopt(easy, CURLOPT_XFERINFODATA, context);
}

CURLcode ccurl_set_prerequest_function(CURL *easy, curl_prereq_callback function, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
    return code ? code : curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
}

CURLcode ccurl_set_debug_function(CURL *easy, curl_debug_callback function, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, function);
    return code ? code : curl_easy_setopt(easy, CURLOPT_DEBUGDATA, context);
}

CURLcode ccurl_set_open_socket_function(CURL *easy, curl_opensocket_callback function, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
    return code ? code : curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
}

CURLcode ccurl_set_close_socket_function(CURL *easy, curl_closesocket_callback function, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, function);
    return code ? code : curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, context);
}

CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
    if (!INFO_IS(info, CURLINFO_LONG)) return CURLE_UNKNOWN_OPTION;
    return curl_easy_getinfo(easy, info, value);
}

CURLcode ccurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    if (!INFO_IS(info, CURLINFO_OFF_T)) return CURLE_UNKNOWN_OPTION;
    return curl_easy_getinfo(easy, info, value);
}

CURLcode ccurl_get_pointer(CURL *easy, CURLINFO info, void **value) {
    // CURLINFO_PRIVATE is of the string kind, although its value is any pointer.
    if (!INFO_IS(info, CURLINFO_STRING) && !INFO_IS(info, CURLINFO_PTR)) return CURLE_UNKNOWN_OPTION;
    return curl_easy_getinfo(easy, info, value);
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    if (!OPTION_IS(option, CURLOPTTYPE_LONG)) return CURLM_UNKNOWN_OPTION;
    return curl_multi_setopt(multi, option, value);
}

int ccurl_address_bytes(const struct curl_sockaddr *address, unsigned char bytes[16]) {
    // libcurl's own storage behind `addr` is larger than the type says: its length is in `addrlen`.
    const char *socket_address = (const char *)address + offsetof(struct curl_sockaddr, addr);
    if (address->family == AF_INET && address->addrlen >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in v4;
        memcpy(&v4, socket_address, sizeof v4);
        memcpy(bytes, &v4.sin_addr, 4);
        return 4;
    }
    if (address->family == AF_INET6 && address->addrlen >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 v6;
        memcpy(&v6, socket_address, sizeof v6);
        memcpy(bytes, &v6.sin6_addr, 16);
        return 16;
    }
    return 0;
}

curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct start {
    char name[16];
    void (*body)(void *);
    void *context;
};

static void *run_start(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return NULL;
}

int ccurl_start_thread(const char *name, void (*body)(void *), void *context) {
    struct start *start = calloc(1, sizeof *start);
    if (!start) return ENOMEM;
    strncpy(start->name, name, sizeof start->name - 1);
    start->body = body;
    start->context = context;

    // A thread inherits the mask of its creator: block all here for that moment, so that signals go to the threads of
    // the program that expect them. Faults stay deliverable and are reported as what they are.
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
    sigset_t blocked, previous;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&blocked, faults[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, &previous);
    pthread_t thread;
    int code = pthread_create(&thread, NULL, run_start, start);
    pthread_sigmask(SIG_SETMASK, &previous, NULL);

    if (code == 0) {
        pthread_detach(thread);
    } else {
        free(start);
    }
    return code;
}
