#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "digest.h"
#include "mask.h"
#include "protect.h"
#include "truncate_ip.h"

namespace weir::plugins {
namespace {

/// What an action makes of a text; "refused: REASON".
std::string result_of(TextAction& action, std::string_view text) {
  std::string out;
  const auto refused = action.apply(text, out);
  return refused ? std::string("refused: ") + refused.reason().c_str() : out;
}

std::string mask(std::string_view text, std::size_t keep = 0, std::string fill = "*") {
  Mask action(keep, std::move(fill));
  return result_of(action, text);
}

std::string network(std::string_view text) {
  TruncateIp action;
  return result_of(action, text);
}

std::string protect(std::string_view json, TextAction& action) {
  std::string scratch;
  std::string out;
  const auto refused = append_protected(json, action, scratch, out);
  return refused ? std::string("refused: ") + refused.reason().c_str() : out;
}

std::string hex(const unsigned char* bytes, unsigned size) {
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += {"0123456789abcdef"[bytes[i] >> 4], "0123456789abcdef"[bytes[i] & 15]};
  return out;
}

/// OpenSSL's own answers.
std::string hmac_by_openssl(std::string_view key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest, &size);
  return hex(digest, size);
}

std::string sha256_by_openssl(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
  return hex(digest, size);
}

/// The first 24 bits of an IPv4 address as the C library reads it; "": it is none.
std::string ipv4_network_by_libc(const std::string& text) {
  in_addr address{};
  if (text.find('\0') != std::string::npos || inet_pton(AF_INET, text.c_str(), &address) != 1) return "";
  address.s_addr &= htonl(0xFFFFFF00U);
  char out[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &address, out, sizeof(out));
}

std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t longest) {
  std::string text(random() % (longest + 1), ' ');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

TEST_CASE("mask counts code points and keeps the last ones") {
  CHECK(mask("secret") == "******");
  CHECK(mask("4111111111111111", 4) == "************1111");
  CHECK(mask("Zürich", 2, "•") == "••••ch");
  CHECK(mask("東京都庁", 2) == "**都庁");
  CHECK(mask("aé😀\n", 2) == "**😀\n");
  CHECK(mask("e\u0301x", 1) == "**x");  // a combining mark is a code point of its own
  CHECK(mask("") == "");
}

TEST_CASE("mask hides a text not longer than what it keeps") {
  CHECK(mask("abcd", 4) == "****");
  CHECK(mask("abc", 4) == "***");
  CHECK(mask("👍👍", 2) == "**");
  CHECK(mask("abcde", 4) == "*bcde");
  CHECK(mask("ab", 18446744073709551615U) == "**");
}

TEST_CASE("truncate_ip leaves the first 24 bits of IPv4") {
  CHECK(network("192.0.2.1") == "192.0.2.0");
  CHECK(network("255.255.255.255") == "255.255.255.0");
  CHECK(network("0.0.0.0") == "0.0.0.0");
}

TEST_CASE("truncate_ip takes the IPv4 texts that the C library takes, and no others") {
  std::mt19937 random(7);
  const auto check = [](const std::string& text) {
    const std::string expected = ipv4_network_by_libc(text);
    const std::string got = network(text);
    if (got != (expected.empty() ? "refused: not a plain IP address" : expected))
      FAIL_CHECK('"' + text + "\" gave " + got);
    return !expected.empty();
  };
  int good = 0;
  for (int i = 0; i < 300'000; ++i) {  // octets of all lengths, now and then with something wrong in one place
    std::string text;
    for (int octet = 0; octet < 4; ++octet)
      text += (octet > 0 ? "." : "") + std::to_string(random() % 270 / (1 + random() % 30));
    if (random() % 4 == 0) text.insert(random() % (text.size() + 1), 1, "0.. x-\0\n"[random() % 8]);
    if (random() % 16 == 0) text.erase(random() % text.size(), 1);
    good += check(text) ? 1 : 0;
  }
  CHECK(good > 50'000);
  for (int i = 0; i < 100'000; ++i) check(random_text(random, "01259. ./", 17));
}

TEST_CASE("truncate_ip leaves the first 48 bits of IPv6 as RFC 5952 writes them") {
  CHECK(network("2001:db8:85a3:8d3:1319:8a2e:370:7348") == "2001:db8:85a3::");
  CHECK(network("2001:0DB8:0000:0001::1") == "2001:db8::");
  CHECK(network("2001:db8:ABCD:ffff:ffff:ffff:ffff:ffff") == "2001:db8:abcd::");
  CHECK(network("2001:0:5:6:7:8:9:a") == "2001:0:5::");
  CHECK(network("0:0:1::5") == "0:0:1::");
  CHECK(network("0:1::5") == "0:1::");
  CHECK(network("2001:0:0:1::1") == "2001::");
  CHECK(network("fe80::1") == "fe80::");
  CHECK(network("::1") == "::");
  CHECK(network("::") == "::");
  CHECK(network("00a0::") == "a0::");
}

TEST_CASE("truncate_ip refuses what is no plain address") {
  for (const char* text : {"",
                           "unknown",
                           "192.0.2",
                           "192.0.2.256",
                           "192.0.2.1.5",
                           "01.2.3.4",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1.2.3.4\n",
                           "1.2.3.4:80",
                           "1.2.3.4/24",
                           "0x1.2.3.4",
                           "16909060",
                           "1.2.3.-4",
                           "fe80::1%en0",
                           "[::1]",
                           "[2001:db8::1]:80",
                           "::ffff:1.2.3.4",
                           "::ffff:c000:201",
                           "64:ff9b::1.2.3.4",
                           "::1.2.3.4",
                           "12345::",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "2001::1::2",
                           ":1:2:3:4:5:6:7",
                           "g::1",
                           "１.2.3.4",
                           "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa"}) {
    INFO(text);
    CHECK(network(text) == "refused: not a plain IP address");
  }
  CHECK(network(std::string_view("1.2.3.4\0", 8)) == "refused: not a plain IP address");
}

TEST_CASE("hash agrees with the vectors of FIPS 180-4") {
  Hash hash;
  CHECK(result_of(hash, "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(result_of(hash, "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("pseudonymize agrees with the vectors of RFC 4231") {
  Pseudonym one(std::string(20, '\x0B'), Normalize::none);
  CHECK(result_of(one, "Hi There") == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(result_of(one, "Hi There") == result_of(one, "Hi There"));
  Pseudonym two("Jefe", Normalize::none);
  CHECK(result_of(two, "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  Pseudonym three(std::string(20, '\xAA'), Normalize::none);
  CHECK(result_of(three, std::string(50, '\xDD')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  Pseudonym six(std::string(131, '\xAA'), Normalize::none);
  CHECK(result_of(six, "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("hashes and pseudonyms of every length around the block borders are OpenSSL's") {
  std::mt19937 random(11);
  Hash hash;
  for (std::size_t key_size : {16U, 63U, 64U, 65U, 200U}) {
    std::string key(key_size, '\0');
    for (char& c : key) c = static_cast<char>(random());
    Pseudonym pseudonym(key, Normalize::none);
    for (std::size_t size = 0; size <= 200; ++size) {
      std::string text(size, '\0');
      for (char& c : text) c = static_cast<char>(random());
      INFO(key_size << ' ' << size);
      CHECK(result_of(pseudonym, text) == hmac_by_openssl(key, text));
      CHECK(result_of(hash, text) == sha256_by_openssl(text));
    }
  }
}

TEST_CASE("hashes and pseudonyms of random texts under random keys are OpenSSL's") {
  std::mt19937 random(19);
  const auto bytes = [&random](std::size_t longest) {
    std::string text(random() % (longest + 1), '\0');
    for (char& c : text) c = static_cast<char>(random());
    return text;
  };
  Hash hash;
  for (int i = 0; i < 100'000; ++i) {
    const std::string key = bytes(150);
    const std::string text = bytes(i % 100 == 0 ? 5'000 : 150);
    Pseudonym pseudonym(key, Normalize::none);
    INFO(key.size() << ' ' << text.size());
    REQUIRE(result_of(pseudonym, text) == hmac_by_openssl(key, text));
    if (i % 4 == 0) REQUIRE(result_of(hash, text) == sha256_by_openssl(text));
  }
}

TEST_CASE("lower_trim does the same to every byte of every length") {
  std::mt19937 random(13);
  Pseudonym plain("0123456789abcdef", Normalize::none);
  Pseudonym normalized("0123456789abcdef", Normalize::lower_trim);
  for (int i = 0; i < 5'000; ++i) {
    std::string text(random() % 40, '\0');
    for (char& c : text) c = static_cast<char>(random());
    text.insert(text.begin(), 'x');  // nothing to trim
    text.push_back('y');
    std::string lowered = text;
    for (char& c : lowered) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    REQUIRE(result_of(normalized, text) == result_of(plain, lowered));
    REQUIRE(result_of(normalized, " \t" + text + "\r\n") == result_of(plain, lowered));
  }
}

TEST_CASE("lower_trim takes ASCII blanks and letters only") {
  Pseudonym plain("0123456789abcdef", Normalize::none);
  Pseudonym normalized("0123456789abcdef", Normalize::lower_trim);
  CHECK(result_of(normalized, " \t\r\nJo@Example.COM ") == result_of(plain, "jo@example.com"));
  CHECK(result_of(normalized, "ÄB c") == result_of(plain, "Äb c"));
  CHECK(result_of(normalized, "\u00A0x") == result_of(plain, "\u00A0x"));
  CHECK(result_of(normalized, " \n ") == result_of(plain, ""));
}

TEST_CASE("what is written without a look for escapes needs none") {
  std::mt19937 random(17);
  Hash hash;
  Pseudonym pseudonym("0123456789abcdef", Normalize::lower_trim);
  TruncateIp truncate_ip;
  for (TextAction* action : {static_cast<TextAction*>(&hash), static_cast<TextAction*>(&pseudonym),
                             static_cast<TextAction*>(&truncate_ip)}) {
    REQUIRE(action->writes_plain());
    for (int i = 0; i < 1'000; ++i) {
      const std::string out = result_of(*action, random_text(random, "019af:.\"\\\n\x80\xC3", 20));
      CHECK((out.starts_with("refused") || out.find_first_not_of("0123456789abcdef:.") == std::string::npos));
    }
  }
  CHECK_FALSE(Mask(0, "\"").writes_plain());
  Mask quotes(0, "\"");
  CHECK(protect(R"("ab")", quotes) == R"("\"\"")");
}

TEST_CASE("a scalar becomes a string of its text, null stays") {
  Mask action(1, "*");
  CHECK(protect(R"("a\"\u00e9")", action) == R"("**é")");
  CHECK(protect("1e400", action) == R"("****0")");
  CHECK(protect("true", action) == R"("***e")");
  CHECK(protect("null", action) == "null");
  CHECK(protect("{}", action) == "refused: an object where a text is needed");
  CHECK(protect(R"("\ud83d")", action) == "refused: half of a surrogate pair in a text");
}

TEST_CASE("a list is protected element by element and keeps the bytes between") {
  Mask action(1, "*");
  CHECK(protect(R"([ "ab" , [ "cd",null ],12 ])", action) == R"([ "*b" , [ "*d",null ],"*2" ])");
  CHECK(protect("[]", action) == "[]");
  CHECK(protect("[null,[[]]]", action) == "[null,[[]]]");
  CHECK(protect("[true,-1.0e-3\n,false]", action) == "[\"***e\",\"******3\"\n,\"****e\"]");
  CHECK(protect(R"(["a\"b\\","\u00e9\n",""])", action) == R"(["***\\","*\n",""])");
}

TEST_CASE("a list that holds an object is refused") {
  Mask action(0, "*");
  CHECK(protect(R"(["a",[{"b":1}]])", action) == "refused: an object where a text is needed");
}

TEST_CASE("a list with a text the action refuses is refused") {
  TruncateIp action;
  CHECK(protect(R"(["192.0.2.1","x"])", action) == "refused: not a plain IP address");
  Mask mask(0, "*");
  CHECK(protect(R"(["\ud83d"])", mask) == "refused: half of a surrogate pair in a text");
}

}  // namespace
}  // namespace weir::plugins
