namespace Microsoft.ML;

/// <summary>A transformer that maps the rows it was fitted on in another way than new ones.</summary>
internal interface ITransformerWithDifferentMappingAtTrainingTime : ITransformer
{
    IDataView TransformForTrainingPipeline(IDataView input);
}
