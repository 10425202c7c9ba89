namespace Microsoft.ML.Data;

/// <summary>The added columns of a row-to-row transformer, bound to one input schema.</summary>
internal interface IRowMapper : ICanSaveModel
{
    /// <summary>Which input columns are needed for the given added columns.</summary>
    Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    /// <summary>One getter for each added column, null where it is not active.</summary>
    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer);

    DataViewSchema.DetachedColumn[] GetOutputColumns();

    ITransformer GetTransformer();
}
