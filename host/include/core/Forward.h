// Names that the concepts need of each other before they are defined.
#pragma once

#include <string>
#include <vector>

#include "HostNamespace.h"
#include "ObjectPtr.h"
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

/// What values are held by. Servers from 3.00.4 on count in the object; the option HOST_SDK_INTRUSIVE makes
/// the host do so too. Users, heaps, outputs and sessions are no values and stay with SmartPointer.
#ifdef HOST_SDK_INTRUSIVE
template <class T>
using ValuePointer = ObjectPtr<T>;
#else
template <class T>
using ValuePointer = SmartPointer<T>;
#endif

using AuthenticatedUserSP = SmartPointer<AuthenticatedUser>;
using ConstantSP = ValuePointer<Constant>;
using DictionarySP = ValuePointer<Dictionary>;
using FunctionDefSP = ValuePointer<FunctionDef>;
using HeapSP = SmartPointer<Heap>;
using OutputSP = SmartPointer<Output>;
using SessionSP = SmartPointer<Session>;
using SymbolBaseSP = SmartPointer<SymbolBase>;
using TableSP = ValuePointer<Table>;
using VectorSP = ValuePointer<Vector>;

/// A function of a plugin or of the host that returns a value.
using SysFunc = ConstantSP (*)(Heap* heap, vector<ConstantSP>& arguments);
/// A command: a function that returns nothing.
using SysProc = void (*)(Heap* heap, vector<ConstantSP>& arguments);

HOST_SDK_END
