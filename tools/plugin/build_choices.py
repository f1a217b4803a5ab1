"""From headers and wishes to a build: which version, string ABI, descriptor and macros. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass

from sdk_headers import SdkHeaders
from server_version import ServerVersion


@dataclass(frozen=True)
class BuildChoices:
    headers: SdkHeaders
    version: ServerVersion
    abi: int  # 0: the old std::string, standard servers; 1: the new one, servers of the "ABI" edition.

    @property
    def descriptor_fields(self) -> int:
        """Servers from 2.00.15 and from 3.00.3 on also read isSequential and the syntax."""
        newest_short = {2: (2, 0, 14), 3: (3, 0, 2)}
        return 6 if self.version.line <= newest_short.get(self.version.line[0], (0, 0, 0)) else 8

    def cmake_arguments(self) -> list[str]:
        clang_options = [f"$<$<CXX_COMPILER_ID:Clang>:{option}>" for option in self.headers.clang_options]
        return [f"-DDOLPHINDB_SDK={self.headers.include_dir}",
                f"-DROCKETMQ_SDK_DEFINITIONS={';'.join(self.headers.definitions)}",
                f"-DROCKETMQ_SDK_OPTIONS={';'.join(clang_options)}",
                f"-DROCKETMQ_SERVER_VERSION={self.version.text}",
                f"-DROCKETMQ_DESCRIPTOR_FIELDS={self.descriptor_fields}",
                f"-DROCKETMQ_CXX11_ABI={'ON' if self.abi == 1 else 'OFF'}"]
