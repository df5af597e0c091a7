/* Which addresses are public, and which an operator's networks cover. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "server/fetch/address.h"

static void test_public(void **state)
{
    static const struct {
        const char *text;
        bool public;
    } cases[] = {
        {"1.1.1.1", true},
        {"9.255.255.255", true},
        {"10.0.0.1", false},
        {"11.0.0.1", true},
        {"0.0.0.0", false},
        {"100.63.255.255", true},
        {"100.64.0.1", false},
        {"100.127.255.255", false},
        {"100.128.0.1", true},
        {"127.0.0.1", false},
        {"127.255.255.254", false},
        {"169.254.169.254", false},
        {"172.15.0.1", true},
        {"172.16.0.1", false},
        {"172.31.255.255", false},
        {"172.32.0.1", true},
        {"192.0.0.8", false},
        {"192.0.2.1", false},
        {"192.88.99.1", false},
        {"192.168.255.1", false},
        {"198.18.0.1", false},
        {"198.19.255.255", false},
        {"198.51.100.7", false},
        {"203.0.113.7", false},
        {"224.0.0.1", false},
        {"239.1.2.3", false},
        {"240.0.0.1", false},
        {"255.255.255.255", false},
        {"::", false},
        {"::1", false},
        {"::ffff:1.1.1.1", false},
        {"::ffff:127.0.0.1", false},
        {"::7f00:1", false},
        {"64:ff9b::7f00:1", false},
        {"64:ff9b:1::1", false},
        {"100::1", false},
        {"2001::1", false},
        {"2001:db8::1", false},
        {"2002:7f00:1::", false},
        {"2606:4700::1111", true},
        {"2a01:cb00::1", true},
        {"3fff::1", false},
        {"fc00::1", false},
        {"fd12::1", false},
        {"fe80::1", false},
        {"ff02::1", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fetch_address address;
        assert_true(address_parse(cases[i].text, &address));
        if (address_public(&address) != cases[i].public)
            fail_msg("%s", cases[i].text);
    }
}

static void test_allowed(void **state)
{
    static const struct {
        const char *text, *networks;
        bool allowed;
    } cases[] = {
        {"10.1.2.3", "", false},
        {"10.1.2.3", "10.1.2.3", true},
        {"10.1.2.4", "10.1.2.3", false},
        {"10.1.2.4", "192.168.0.0/16, 10.1.2.0/29", true},
        {"10.1.2.8", "192.168.0.0/16 10.1.2.0/29", false},
        {"fd00::5", "fd00::/8", true},
        {"fe80::5", "fd00::/8", false},
        {"::ffff:10.1.2.3", "10.1.2.3", false},
        {"10.1.2.3", "0.0.0.0/0", true},
        {"10.1.2.3", "::/0", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fetch_address address;
        assert_true(address_parse(cases[i].text, &address));
        if (address_allowed(&address, cases[i].networks) != cases[i].allowed)
            fail_msg("%s in %s", cases[i].text, cases[i].networks);
    }
}

static void test_resolve(void **state)
{
    struct fetch_addresses found;
    char text[FETCH_ADDRESS_SIZE];

    (void)state;
    assert_true(address_resolve("localhost", 5000, &found));
    for (size_t i = 0; i < found.count; i++)
        assert_false(address_public(&found.items[i]));
    /* What the resolver makes of other ways to write 127.0.0.1. */
    static const char *const odd[] = {"2130706433", "0x7f000001", "0177.0.0.1", "127.1"};
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        if (address_resolve(odd[i], 5000, &found))
            assert_string_equal(address_text(&found.items[0], text), "127.0.0.1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public),
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_resolve),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
