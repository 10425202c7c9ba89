using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A catalog whose environment only the assemblies of the family see.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}
