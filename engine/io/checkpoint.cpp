#include "io/checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hdf5.h>
#include <unistd.h>

#include <bit>
#include <cstring>
#include <mutex>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "io/text_file.hpp"
#include "io/version.hpp"

namespace lithiate::io {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t format_version = 1;
constexpr const char* checksum_name = "checksum";
constexpr const char* version_name = "lithiate_checkpoint";

/// An HDF5 identifier with the call that closes it.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const char* what) : id_(id), close_(close) {
    if (id < 0) throw Error(fmt::format("HDF5: cannot {}", what));
  }
  ~Handle() { close_(id_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const noexcept { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

template <class T>
hid_t type_of() {
  if constexpr (std::is_same_v<T, std::int32_t>) return H5T_STD_I32LE;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_STD_I64LE;
  if constexpr (std::is_same_v<T, std::uint8_t>) return H5T_STD_U8LE;
  if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_STD_U64LE;
  if constexpr (std::is_same_v<T, double>) return H5T_IEEE_F64LE;
}

/// FNV-1a over names, kinds and bytes of all arrays in the order of their names.
std::uint64_t checksum(const Archive& archive) {
  std::uint64_t sum = fnv1a64("");
  const auto add = [&sum](const void* data, std::size_t n) {
    sum = fnv1a64({static_cast<const char*>(data), n}, sum);
  };
  for (const auto& [name, array] : archive.arrays()) {
    add(name.data(), name.size());
    const std::uint64_t kind = array.index();
    add(&kind, sizeof kind);
    std::visit([&](const auto& v) { add(v.data(), v.size() * sizeof v[0]); }, array);
  }
  return sum;
}

template <class T>
void write_array(hid_t file, const std::string& name, const std::vector<T>& values) {
  const hsize_t n = values.size();
  const Handle space(H5Screate_simple(1, &n, nullptr), H5Sclose, "make a data space");
  const Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "make a property list");
  H5Pset_create_intermediate_group(links, 1);
  const Handle set(
      H5Dcreate2(file, name.c_str(), type_of<T>(), space, links, H5P_DEFAULT, H5P_DEFAULT),
      H5Dclose, "make a dataset");
  if (n > 0 && H5Dwrite(set, type_of<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    throw Error("HDF5: cannot write '" + name + "'");
}

template <class T>
void write_attribute(hid_t file, const char* name, T value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "make a data space");
  const Handle attribute(H5Acreate2(file, name, type_of<T>(), space, H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose, "make an attribute");
  if (H5Awrite(attribute, type_of<T>(), &value) < 0)
    throw Error(fmt::format("HDF5: cannot write '{}'", name));
}

template <class T>
T read_attribute(hid_t file, const char* name) {
  const Handle attribute(H5Aopen(file, name, H5P_DEFAULT), H5Aclose, "find an attribute");
  T value{};
  if (H5Aread(attribute, type_of<T>(), &value) < 0)
    throw Error(fmt::format("HDF5: cannot read '{}'", name));
  return value;
}

template <class T>
bool read_array(hid_t set, std::size_t n, const std::string& name, Archive& archive) {
  const Handle stored(H5Dget_type(set), H5Tclose, "find a type");
  if (H5Tequal(stored, type_of<T>()) <= 0) return false;
  std::vector<T> values(n);
  if (n > 0 && H5Dread(set, type_of<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    throw Error("HDF5: cannot read '" + name + "'");
  archive.put(name, std::move(values));
  return true;
}

herr_t collect_name(hid_t, const char* name, const H5O_info_t* info, void* names) {
  if (info->type == H5O_TYPE_DATASET)
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

Archive read_file(const fs::path& path) {
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open the file");
  if (const auto v = read_attribute<std::int64_t>(file, version_name); v != format_version)
    throw Error(fmt::format("version {} of the format, expected {}", v, format_version));
  std::vector<std::string> names;
  if (H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, collect_name, &names) < 0)
    throw Error("HDF5: cannot list the datasets");
  Archive archive;
  for (const std::string& name : names) {
    const Handle set(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, "open a dataset");
    const Handle space(H5Dget_space(set), H5Sclose, "find a data space");
    const hssize_t points = H5Sget_simple_extent_npoints(space);
    if (points < 0 || static_cast<std::uintmax_t>(points) > fs::file_size(path))
      throw Error("'" + name + "' is larger than the file");
    const auto n = static_cast<std::size_t>(points);
    if (!read_array<std::int32_t>(set, n, name, archive) &&
        !read_array<std::int64_t>(set, n, name, archive) &&
        !read_array<std::uint8_t>(set, n, name, archive) &&
        !read_array<std::uint64_t>(set, n, name, archive) &&
        !read_array<double>(set, n, name, archive))
      throw Error("'" + name + "' is of an unknown type");
  }
  if (read_attribute<std::uint64_t>(file, checksum_name) != checksum(archive))
    throw Error("its checksum does not fit its content");
  return archive;
}

void write_file(const fs::path& path, const Archive& archive) {
  const Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose,
                    "create the file");
  write_attribute(file, version_name, format_version);
  write_attribute(file, checksum_name, checksum(archive));
  for (const auto& [name, array] : archive.arrays())
    std::visit([&, &key = name](const auto& values) { write_array(file, key, values); }, array);
  if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) throw Error("HDF5: cannot write: disk full?");
}

void sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// The library is not made for several threads.
std::mutex& library_guard() {
  static std::mutex guard;
  return guard;
}

void be_quiet() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }  // our messages say it

}  // namespace

std::string fingerprint(const std::vector<InputFile>& inputs,
                        const std::vector<std::string>& overrides) {
  std::string text;
  for (const InputFile& file : inputs) text += hex(file.fnv1a64) + " ";
  for (const std::string& change : overrides) text += change + " ";
  return text + version();
}

void write_checkpoint(const fs::path& folder, const Archive& archive) {
  const std::scoped_lock lock(library_guard());
  be_quiet();
  const fs::path written = folder / "checkpoint.tmp.h5", current = folder / "checkpoint.h5";
  try {
    write_file(written, archive);
    sync(written);
    if (checksum(read_file(written)) != checksum(archive)) throw Error("it reads back differently");
    if (fs::exists(current)) fs::rename(current, folder / "checkpoint.previous.h5");
    fs::rename(written, current);
    sync(folder);
  } catch (const std::exception& fault) {
    std::error_code ignored;
    fs::remove(written, ignored);
    throw Error(fmt::format("{}: checkpoint not written: {}", current.string(), fault.what()));
  }
}

Archive read_checkpoint(const fs::path& file) {
  const std::scoped_lock lock(library_guard());
  be_quiet();
  if (!fs::exists(file)) throw InputError(file.string() + ": no such checkpoint");
  try {
    return read_file(file);
  } catch (const std::exception& fault) {
    throw InputError(fmt::format("{}: not a usable checkpoint: {}", file.string(), fault.what()));
  }
}

std::optional<Archive> latest_checkpoint(const fs::path& folder) {
  std::string faults;
  for (const char* name : {"checkpoint.h5", "checkpoint.previous.h5"}) {
    if (!fs::exists(folder / name)) continue;
    try {
      Archive archive = read_checkpoint(folder / name);
      if (!faults.empty()) log::warning(faults + "; the older one is used");
      return archive;
    } catch (const InputError& fault) {
      faults += (faults.empty() ? "" : "; ") + std::string(fault.what());
    }
  }
  if (!faults.empty()) throw InputError(faults);
  return std::nullopt;
}

}  // namespace lithiate::io
