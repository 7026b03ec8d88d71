#include "plugin/elf.h"

#include <elf.h>

#include <bit>
#include <cstring>

// The layout is that of <elf.h> (System V ABI, chapters 4 and 5), 64-bit, in the machine's own byte order.
namespace weir::host::plugin {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "add this machine's number from <elf.h>"
#endif
constexpr unsigned char kByteOrder = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

constexpr std::uint64_t kMaxTable = 64u << 20;  // bytes of one symbol or string table
constexpr std::size_t kMaxSegments = 256;
constexpr std::size_t kMaxSections = 65535;

Status damaged(const char* what) { return Status::data(std::string("damaged ELF file: ") + what); }

/// One file being looked at.
class Reader {
 public:
  Reader(std::uint64_t size, const ReadAt& read) : size_(size), read_(read) {}

  [[nodiscard]] bool contains(std::uint64_t offset, std::uint64_t size) const {
    return offset <= size_ && size <= size_ - offset;
  }

  /// `count` objects of T at `offset`; empty: there are none, or they are not in the file.
  template <typename T>
  [[nodiscard]] std::vector<T> objects(std::uint64_t offset, std::size_t count) const {
    if (count == 0 || !contains(offset, count * sizeof(T))) return {};
    std::vector<T> all(count);
    const std::span<char> bytes(reinterpret_cast<char*>(all.data()), count * sizeof(T));
    if (!read_(offset, bytes)) return {};
    return all;
  }

 private:
  std::uint64_t size_;
  const ReadAt& read_;
};

Result<Elf64_Ehdr> read_header(const Reader& reader) {
  const auto identity = reader.objects<char>(0, SELFMAG);
  if (identity.empty() || std::memcmp(identity.data(), ELFMAG, SELFMAG) != 0) return Status::data("not an ELF file");
  const auto headers = reader.objects<Elf64_Ehdr>(0, 1);
  if (headers.empty()) return damaged("it ends within its header");
  const Elf64_Ehdr& header = headers.front();
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != kByteOrder || header.e_machine != kMachine) {
    return Status::data("built for another machine");
  }
  if (header.e_ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT) return damaged("unknown ELF version");
  if (header.e_type != ET_DYN) return Status::data("not a shared library");
  if (header.e_ehsize != sizeof(Elf64_Ehdr)) return damaged("its header has the wrong size");
  return header;
}

bool lies_in_a_loaded_one(const Elf64_Phdr& part, const std::vector<Elf64_Phdr>& segments) {
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_LOAD || part.p_offset < segment.p_offset) continue;
    const std::uint64_t skip = part.p_offset - segment.p_offset;
    if (skip <= segment.p_filesz && part.p_filesz <= segment.p_filesz - skip) return true;
  }
  return false;
}

/// What dlopen would map must be in the file: a page of a mapping past its end kills the process.
Status check_segments(const Reader& reader, const Elf64_Ehdr& header) {
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 || header.e_phnum > kMaxSegments)
    return damaged("no program headers");
  const auto segments = reader.objects<Elf64_Phdr>(header.e_phoff, header.e_phnum);
  if (segments.empty()) return damaged("its program headers lie past its end");
  bool loads = false;
  bool dynamic = false;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_LOAD) {
      loads = true;
      if (!reader.contains(segment.p_offset, segment.p_filesz))
        return damaged("a segment reaches past its end; is it truncated?");
      if (segment.p_filesz > segment.p_memsz) return damaged("a segment is larger in the file than in memory");
      if (!std::has_single_bit(segment.p_align) || (segment.p_vaddr - segment.p_offset) % segment.p_align != 0) {
        return damaged("a segment is not aligned");
      }
    } else if (segment.p_type == PT_DYNAMIC) {
      dynamic = true;
      if (!lies_in_a_loaded_one(segment, segments)) return damaged("its dynamic segment is not loaded");
    }
  }
  return loads && dynamic ? Status() : damaged("nothing to load dynamically");
}

Result<std::vector<Elf64_Shdr>> read_sections(const Reader& reader, const Elf64_Ehdr& header) {
  if (header.e_shoff == 0 || header.e_shnum == 0) return damaged("no section table");
  if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shnum > kMaxSections)
    return damaged("a section table of unknown form");
  auto sections = reader.objects<Elf64_Shdr>(header.e_shoff, header.e_shnum);
  if (sections.empty()) return damaged("its section table lies past its end; is it truncated?");
  for (const Elf64_Shdr& section : sections) {
    const bool in_file = section.sh_type == SHT_NOBITS || section.sh_type == SHT_NULL;
    if (!in_file && !reader.contains(section.sh_offset, section.sh_size))
      return damaged("a section reaches past its end; is it truncated?");
  }
  return sections;
}

bool is_exported_data(const Elf64_Sym& symbol) {
  const unsigned binding = ELF64_ST_BIND(symbol.st_info);
  const bool visible =
      ELF64_ST_VISIBILITY(symbol.st_other) == STV_DEFAULT && (binding == STB_GLOBAL || binding == STB_WEAK);
  return visible && symbol.st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol.st_info) == STT_OBJECT;
}

/// The text at `start` of a string table; empty: it has no end there.
std::string_view name_at(const std::vector<char>& strings, std::size_t start) {
  if (start >= strings.size()) return {};
  const void* end = std::memchr(strings.data() + start, '\0', strings.size() - start);
  if (end == nullptr) return {};
  return {strings.data() + start, static_cast<std::size_t>(static_cast<const char*>(end) - (strings.data() + start))};
}

Result<std::vector<std::string>> read_names(const Reader& reader, const Elf64_Shdr& table, const Elf64_Shdr& text,
                                            std::string_view prefix) {
  if (table.sh_entsize != sizeof(Elf64_Sym) || table.sh_size % sizeof(Elf64_Sym) != 0)
    return damaged("a symbol table of unknown form");
  if (table.sh_size > kMaxTable || text.sh_size > kMaxTable)
    return Status::data("its symbol table is larger than 64 MiB");
  const auto symbols = reader.objects<Elf64_Sym>(table.sh_offset, table.sh_size / sizeof(Elf64_Sym));
  const auto strings = reader.objects<char>(text.sh_offset, text.sh_size);
  std::vector<std::string> names;
  for (const Elf64_Sym& symbol : symbols) {
    if (!is_exported_data(symbol)) continue;
    const std::string_view name = name_at(strings, symbol.st_name);
    if (name.starts_with(prefix)) names.emplace_back(name);
  }
  return names;
}

}  // namespace

Result<std::vector<std::string>> exported_data(std::uint64_t file_size, const ReadAt& read, std::string_view prefix) {
  const Reader reader(file_size, read);
  const auto header = read_header(reader);
  if (!header) return header.status();
  if (Status segments = check_segments(reader, *header); !segments.ok()) return segments;
  const auto sections = read_sections(reader, *header);
  if (!sections) return sections.status();
  for (const Elf64_Shdr& section : *sections) {
    if (section.sh_type != SHT_DYNSYM) continue;
    if (section.sh_link >= sections->size() || (*sections)[section.sh_link].sh_type != SHT_STRTAB)
      return damaged("symbols without names");
    return read_names(reader, section, (*sections)[section.sh_link], prefix);
  }
  return std::vector<std::string>{};
}

}  // namespace weir::host::plugin
