// libcurl's C interface plus one typed function for every kind of argument that its variadic
// functions take, because Swift can't call variadic C. Each function checks that the option is of the
// kind it passes and answers with libcurl's "unknown option" code if it isn't, so that a wrong pairing
// is an error and not a corrupted stack. Used by the target Curl alone.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

// The library.
CURLcode ccurl_global_init(void);

// curl_easy_setopt by kind of argument.
CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *list);

// A POST body that libcurl does not copy: the bytes must stay where they are until the transfer ends.
CURLcode ccurl_set_body(CURL *easy, const void *bytes, curl_off_t count);
CURLcode ccurl_clear_body(CURL *easy);

// curl_easy_setopt for callbacks, each with the pointer that it gets back.
CURLcode ccurl_set_write_function(CURL *easy, curl_write_callback function, void *context);
CURLcode ccurl_set_header_function(CURL *easy, curl_write_callback function, void *context);
CURLcode ccurl_set_read_function(CURL *easy, curl_read_callback function, void *context);
CURLcode ccurl_set_progress_function(CURL *easy, curl_xferinfo_callback function, void *context);
CURLcode ccurl_set_prerequest_function(CURL *easy, curl_prereq_callback function, void *context);
CURLcode ccurl_set_debug_function(CURL *easy, curl_debug_callback function, void *context);
CURLcode ccurl_set_open_socket_function(CURL *easy, curl_opensocket_callback function, void *context);
CURLcode ccurl_set_close_socket_function(CURL *easy, curl_closesocket_callback function, void *context);

// curl_easy_getinfo by kind of answer.
CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode ccurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value);
CURLcode ccurl_get_pointer(CURL *easy, CURLINFO info, void **value);

// curl_multi_setopt.
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);

// The bytes of an internet address in network order: returns 4, 16, or 0 for any other family.
int ccurl_address_bytes(const struct curl_sockaddr *address, unsigned char bytes[16]);

// The socket that libcurl asks for, closed on exec; CURL_SOCKET_BAD if the system has none.
curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address);

// Runs body(context) on a new detached thread of that name (cut at 15 bytes), which receives no signals but those
// for faults. Returns 0, or the system's error number if there is no thread left.
int ccurl_start_thread(const char *name, void (*body)(void *), void *context);

#endif
