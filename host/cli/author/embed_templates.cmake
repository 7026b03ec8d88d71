# cmake -DROOT=FOLDER -DFILES=KIND/PATH,... -DOUTPUT=FILE -P embed_templates.cmake
# Writes the files below ROOT as string literals: the source of template_files().
set(rows "")
string(REPLACE "," ";" files "${FILES}")
foreach(file IN LISTS files)
  file(READ ${ROOT}/${file} text)
  string(REGEX MATCH "^[^/]+" kind ${file})
  string(REGEX REPLACE "^[^/]+/" "" path ${file})
  string(APPEND rows "    {\"${kind}\", \"${path}\", R\"weir(${text})weir\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"cli/author/templates.h\"

namespace weir::host::cli {
namespace {

constexpr TemplateFile kFiles[] = {
${rows}};

}  // namespace

std::span<const TemplateFile> template_files() { return kFiles; }

}  // namespace weir::host::cli
")
