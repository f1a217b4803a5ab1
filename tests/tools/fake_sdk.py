"""Small trees of headers that carry the marks of a server line and nothing else, and servers of one function."""

from __future__ import annotations

import subprocess
from pathlib import Path


def write(directory: Path, *, version: str = "", version_form: str = "define", namespace: bool = False, intrusive: bool = False,
          umbrella: bool = False, tensor: bool = False, common_interface: bool = True, branch: str = "", asks_for_gcc: bool = False) -> Path:
    """A checkout: include/ with the marks, and .git/HEAD where a branch is given. Returns the checkout."""
    include = directory / "include"
    (include / "ddbplugin").mkdir(parents=True)
    pointer = "ObjectPtr" if intrusive else "SmartPointer"
    body = f"using ConstantSP = {pointer}<Constant>;\n"
    core = f"namespace ddb {{\n{body}}}\n" if namespace else body
    if version_form == "core":
        core = f'#define ddbVersion "{version}"\n' + core
    (include / "CoreConcept.h").write_text(core)
    (include / "Types.h").write_text("enum DATA_FORM { DF_SCALAR" + (", DF_TENSOR" if tensor else "") + " };\n")
    for name in ("Util.h", "ScalarImp.h"):
        (include / name).write_text("\n")
    if common_interface:
        (include / "ddbplugin" / "CommonInterface.h").write_text("\n")
    if asks_for_gcc:
        (include / "WideInteger.h").write_text("#if __GNUC__ < 6\n#endif\n")
    if umbrella:
        (include / "ddbplugin" / "DolphinDBEverything.h").write_text("\n")
    forms = {"define": f'#define pluginVersion "{version}"\n', "constant": f'static const char* pluginVersion = "{version}";\n'}
    if version and version_form in forms:
        (include / "ddbplugin" / "pluginVersion.h").write_text(forms[version_form])
    if branch:
        (directory / ".git").mkdir()
        (directory / ".git" / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
    return directory


def write_server(directory: Path, *, abi: int, namespace: str = "ddb") -> Path:
    """A server's directory whose library offers one function of the SDK that takes a string."""
    directory.mkdir()
    opening, closing = (f"namespace {namespace} {{", "}") if namespace else ("", "")
    source = directory / "server.cpp"
    source.write_text(f"#include <string>\n{opening} struct Util {{ static void createTable(const std::string& name); }};\n"
                      f"void Util::createTable(const std::string&) {{}} {closing}\n")
    subprocess.run(["c++", "-shared", "-fPIC", f"-D_GLIBCXX_USE_CXX11_ABI={abi}", source, "-o", directory / "libDolphinDB.so"],
                   check=True, timeout=120)
    return directory
