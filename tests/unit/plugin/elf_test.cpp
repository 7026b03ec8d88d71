#include "plugin/elf.h"

#include <elf.h>

#include <catch2/catch.hpp>
#include <cstring>

using weir::host::Result;
using weir::host::plugin::exported_data;

namespace {

/// The smallest shared object with one exported symbol: header, two program headers, dynsym, dynstr, three section headers.
struct TinyLibrary {
  Elf64_Ehdr header{};
  Elf64_Phdr segments[2]{};
  Elf64_Sym symbols[2]{};
  char strings[32] = "\0weir_plugin_v0";
  Elf64_Shdr sections[3]{};
};

TinyLibrary tiny_library() {
  TinyLibrary file;
  auto& header = file.header;
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_DYN;
#if defined(__aarch64__)
  header.e_machine = EM_AARCH64;
#else
  header.e_machine = EM_X86_64;
#endif
  header.e_version = EV_CURRENT;
  header.e_phoff = offsetof(TinyLibrary, segments);
  header.e_shoff = offsetof(TinyLibrary, sections);
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 2;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 3;
  file.segments[0] = {PT_LOAD, PF_R, 0, 0, 0, sizeof(TinyLibrary), sizeof(TinyLibrary), 4096};
  file.segments[1] = {PT_DYNAMIC, PF_R, 64, 64, 64, 16, 16, 8};
  file.symbols[1].st_name = 1;
  file.symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
  file.symbols[1].st_shndx = 1;
  file.sections[1].sh_type = SHT_DYNSYM;
  file.sections[1].sh_offset = offsetof(TinyLibrary, symbols);
  file.sections[1].sh_size = sizeof(file.symbols);
  file.sections[1].sh_entsize = sizeof(Elf64_Sym);
  file.sections[1].sh_link = 2;
  file.sections[2].sh_type = SHT_STRTAB;
  file.sections[2].sh_offset = offsetof(TinyLibrary, strings);
  file.sections[2].sh_size = sizeof(file.strings);
  return file;
}

Result<std::vector<std::string>> names_in(std::string_view bytes) {
  const auto read = [bytes](std::uint64_t offset, std::span<char> into) {
    REQUIRE(offset + into.size() <= bytes.size());  // what is read is bounded by the size given
    std::memcpy(into.data(), bytes.data() + offset, into.size());
    return true;
  };
  return exported_data(bytes.size(), read, "weir_plugin_v");
}

Result<std::vector<std::string>> names_in(const TinyLibrary& file) {
  return names_in(std::string_view(reinterpret_cast<const char*>(&file), sizeof(file)));
}

std::string error_of(const TinyLibrary& file) { return names_in(file).status().message(); }

}  // namespace

TEST_CASE("an exported symbol is found without loading") {
  const auto names = names_in(tiny_library());
  REQUIRE(names.ok());
  CHECK(*names == std::vector<std::string>{"weir_plugin_v0"});
}

TEST_CASE("hidden, undefined, local and function symbols are no plugin") {
  TinyLibrary file = tiny_library();
  SECTION("hidden") { file.symbols[1].st_other = STV_HIDDEN; }
  SECTION("undefined") { file.symbols[1].st_shndx = SHN_UNDEF; }
  SECTION("local") { file.symbols[1].st_info = ELF64_ST_INFO(STB_LOCAL, STT_OBJECT); }
  SECTION("a function") { file.symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC); }
  SECTION("a name outside the table") { file.symbols[1].st_name = 4000; }
  const auto names = names_in(file);
  REQUIRE(names.ok());
  CHECK(names->empty());
}

TEST_CASE("a name without an end is not read past its table") {
  TinyLibrary file = tiny_library();
  std::memset(file.strings, 'w', sizeof(file.strings));
  const auto names = names_in(file);
  REQUIRE(names.ok());
  CHECK(names->empty());
}

TEST_CASE("what is no shared library of this machine is named as such") {
  TinyLibrary file = tiny_library();
  SECTION("another class") {
    file.header.e_ident[EI_CLASS] = ELFCLASS32;
    CHECK(error_of(file) == "built for another machine");
  }
  SECTION("another machine") {
    file.header.e_machine = EM_68K;
    CHECK(error_of(file) == "built for another machine");
  }
  SECTION("an object file") {
    file.header.e_type = ET_REL;
    CHECK(error_of(file) == "not a shared library");
  }
  SECTION("text") { CHECK(names_in("#!/bin/sh\n").status().message() == "not an ELF file"); }
  SECTION("nothing") { CHECK(names_in("").status().message() == "not an ELF file"); }
}

TEST_CASE("what reaches past the end of the file is damage") {
  TinyLibrary file = tiny_library();
  SECTION("a segment") { file.segments[0].p_filesz = file.segments[0].p_memsz = sizeof(file) + 1; }
  SECTION("a segment whose end overflows") { file.segments[0].p_offset = ~0ull - 10; }
  SECTION("program headers") { file.header.e_phoff = sizeof(file) - 8; }
  SECTION("program headers far away") { file.header.e_phoff = ~0ull; }
  SECTION("section headers") { file.header.e_shoff = sizeof(file) - 8; }
  SECTION("a symbol table") { file.sections[1].sh_size = 1ull << 62; }
  SECTION("a string table") { file.sections[2].sh_offset = ~0ull; }
  SECTION("the dynamic segment") { file.segments[1].p_offset = sizeof(file); }
  SECTION("an odd alignment") { file.segments[0].p_align = 3; }
  SECTION("no alignment") { file.segments[0].p_align = 0; }
  SECTION("more bytes in the file than in memory") { file.segments[0].p_memsz = 1; }
  SECTION("too many program headers") { file.header.e_phnum = 0xffff; }
  SECTION("no program headers") { file.header.e_phnum = 0; }
  SECTION("symbols without names") { file.sections[1].sh_link = 99; }
  SECTION("symbols of another size") { file.sections[1].sh_entsize = 1; }
  CHECK(error_of(file).starts_with("damaged ELF file: "));
}

TEST_CASE("every truncation of a library is refused") {
  const TinyLibrary file = tiny_library();
  const std::string_view whole(reinterpret_cast<const char*>(&file), sizeof(file));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO("first " << size << " bytes");
    CHECK_FALSE(names_in(whole.substr(0, size)).ok());
  }
}

TEST_CASE("random bytes behind an ELF header are looked at within bounds") {
  std::uint64_t random = 88172645463325252u;
  const auto next = [&random] {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    return random;
  };
  int refused = 0;
  for (int round = 0; round < 20000; ++round) {
    TinyLibrary file = tiny_library();
    auto* bytes = reinterpret_cast<unsigned char*>(&file);
    const bool all = round % 2 == 0;  // all but the identity, or a few bytes anywhere
    const std::size_t changes = all ? sizeof(file) - EI_NIDENT : 1 + next() % 8;
    for (std::size_t i = 0; i < changes; ++i)
      bytes[all ? EI_NIDENT + i : next() % sizeof(file)] = static_cast<unsigned char>(next());
    if (!names_in(file).ok()) ++refused;
  }
  CHECK(refused >= 10000);
}
