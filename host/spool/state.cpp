#include "spool/state.h"

#include <array>
#include <cerrno>

#include "spool/fault.h"

namespace weir::host::spool {
namespace {

std::string path_of(const std::string& folder) { return folder + "/state"; }

/// Both slots, so that either may be written over.
std::string file_bytes(StateSlot slot) {
  std::string bytes(StateFile::kFileBytes, '\0');
  for (int i = 0; i < 2; ++i, --slot.generation) {
    const std::string sector = encode(slot);
    bytes.replace(slot.generation % 2 * StateFile::kSlotDistance, sector.size(), sector);
  }
  return bytes;
}

}  // namespace

StateFile::StateFile(FileSystem& files, std::string folder)
    : files_(files), folder_(std::move(folder)), path_(path_of(folder_)), spare_(path_ + ".next") {}

Result<StateSlot> StateFile::read(FileSystem& files, const std::string& folder) {
  std::unique_ptr<File> file;
  const int error = files.open(path_of(folder), FileSystem::Open::read, file);
  if (error == ENOENT) return Status(WEIR_NOT_FOUND, "there is no state");
  std::array<char, kFileBytes> bytes{};
  std::size_t got = 0;
  if (error != 0 || file->read(0, bytes, got) != 0) return Status::fatal("cannot read '" + path_of(folder) + "'");
  const std::string_view all(bytes.data(), got);
  std::optional<StateSlot> newest;
  for (std::size_t at : {std::size_t{0}, kSlotDistance}) {
    if (at > all.size()) break;
    const auto slot = decode_state_slot(all.substr(at));
    if (slot && (!newest || slot->generation > newest->generation)) newest = slot;
  }
  if (newest) return *newest;
  return Status::data("neither slot of '" + path_of(folder) + "' is whole");
}

int StateFile::store(StateSlot slot) {
  slot.generation = latest_.generation + 1;
  int error = file_ == nullptr ? EIO : overwrite(slot);
  if (error != 0) {
    file_.reset();
    error = replace(slot);
  }
  if (error == 0) latest_ = slot;
  return error;
}

int StateFile::overwrite(const StateSlot& slot) {
  const std::string sector = encode(slot);
  const std::string_view parts[] = {sector};
  std::uint64_t written = 0;
  fault("state.before_slot");
  int error = file_->write(slot.generation % 2 * kSlotDistance, parts, written);
  fault("state.slot_written");
  if (error == 0) error = file_->sync();
  fault("state.slot_synced");
  return error;
}

int StateFile::replace(const StateSlot& slot) {
  std::unique_ptr<File> file;
  int error = files_.open(spare_, FileSystem::Open::update, file);
  if (error == ENOENT) error = files_.open(spare_, FileSystem::Open::create, file);
  const std::string bytes = file_bytes(slot);
  const std::string_view parts[] = {bytes};
  std::uint64_t written = 0;
  if (error == 0) error = file->write(0, parts, written);
  if (error == 0) error = file->sync();
  fault("state.file_written");
  if (error == 0) error = files_.rename(spare_, path_);
  fault("state.file_renamed");
  if (error == 0) error = files_.sync_folder(folder_);
  if (error != 0) {
    static_cast<void>(files_.remove(spare_));  // a disk that refused it once is not asked to write there again
    return error;
  }
  file_ = std::move(file);
  make_spare();
  return 0;
}

/// The next file, while there is room for it. Without one a full disk may have none for a state that says what may go.
void StateFile::make_spare() {
  std::unique_ptr<File> file;
  const std::string bytes(kFileBytes, '\0');
  const std::string_view parts[] = {bytes};
  std::uint64_t written = 0;
  if (files_.open(spare_, FileSystem::Open::create, file) != 0) return;
  if (file->write(0, parts, written) != 0 || file->sync() != 0) static_cast<void>(files_.remove(spare_));
}

}  // namespace weir::host::spool
