#include "spool/quarantine.h"

#include <algorithm>
#include <cerrno>

#include "spool/fault.h"

namespace weir::host::spool {
namespace {

constexpr std::uint64_t kPieceBytes = 256 * 1024;

}  // namespace

int Quarantine::copy(File& segment, Sequence first, std::uint64_t offset, std::uint64_t size) const {
  const std::string path = folder() + "/" + segment_name(first) + "." + std::to_string(offset);
  const std::string temporary = path + ".tmp";
  std::unique_ptr<File> file;
  if (place_.files.open(path, FileSystem::Open::read, file) == 0) return 0;
  if (const int error = place_.files.make_folder(folder()); error != 0) return error;
  if (const int error = place_.files.remove(temporary); error != 0 && error != ENOENT) return error;
  int error = place_.files.open(temporary, FileSystem::Open::create, file);
  if (error == 0) error = copy_bytes(segment, offset, size, *file);
  if (error == 0) error = file->sync();
  if (error == 0) error = place_.files.rename(temporary, path);
  if (error == 0) error = place_.files.sync_folder(folder());
  fault("quarantine.copied");
  return error;
}

int Quarantine::copy_bytes(File& from, std::uint64_t offset, std::uint64_t size, File& to) const {
  std::string piece;
  for (std::uint64_t done = 0; done < size;) {
    piece.resize(std::min(kPieceBytes, size - done));
    std::size_t got = 0;
    if (const int error = from.read(offset + done, piece, got); error != 0) return error;
    if (got == 0) return 0;
    const std::string_view parts[] = {std::string_view(piece).substr(0, got)};
    std::uint64_t written = 0;
    if (const int error = to.write(done, parts, written); error != 0) return error;
    done += got;
  }
  return 0;
}

int Quarantine::move(const std::string& name) const {
  int error = place_.files.make_folder(folder());
  if (error == 0) error = place_.files.rename(place_.folder + "/" + name, folder() + "/" + name);
  if (error == 0) error = place_.files.sync_folder(folder());
  if (error == 0) error = place_.files.sync_folder(place_.folder);
  return error;
}

}  // namespace weir::host::spool
