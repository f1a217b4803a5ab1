// Names that the concepts need of each other before they are defined.
#pragma once

#include <string>
#include <vector>

#include "HostNamespace.h"
#include "SmartPointer.h"

HOST_SDK_BEGIN

using std::string;
using std::vector;

class AuthenticatedUser;
class Constant;
class Dictionary;
class FunctionDef;
class Heap;
class Output;
class Session;
class Table;
class Vector;

/// The SDK's table of interned strings. The host stores symbols as strings, so this stays empty; it only
/// gives the signatures their type, and null is what everybody passes.
class SymbolBase {};

using AuthenticatedUserSP = SmartPointer<AuthenticatedUser>;
using ConstantSP = SmartPointer<Constant>;
using DictionarySP = SmartPointer<Dictionary>;
using FunctionDefSP = SmartPointer<FunctionDef>;
using HeapSP = SmartPointer<Heap>;
using OutputSP = SmartPointer<Output>;
using SessionSP = SmartPointer<Session>;
using SymbolBaseSP = SmartPointer<SymbolBase>;
using TableSP = SmartPointer<Table>;
using VectorSP = SmartPointer<Vector>;

/// A function of a plugin or of the host that returns a value.
using SysFunc = ConstantSP (*)(Heap* heap, vector<ConstantSP>& arguments);
/// A command: a function that returns nothing.
using SysProc = void (*)(Heap* heap, vector<ConstantSP>& arguments);

HOST_SDK_END
