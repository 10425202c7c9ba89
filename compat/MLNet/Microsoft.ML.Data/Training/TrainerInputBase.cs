namespace Microsoft.ML.Trainers;

/// <summary>The options that all trainers share.</summary>
public abstract class TrainerInputBase
{
    private protected TrainerInputBase()
    {
    }

    /// <summary>The column of features.</summary>
    public string FeatureColumnName = "Features";
}

/// <summary>The options of trainers that learn from labels.</summary>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    private protected TrainerInputBaseWithLabel()
    {
    }

    /// <summary>The column of labels.</summary>
    public string LabelColumnName = "Label";
}

/// <summary>The options of trainers whose examples may have weights.</summary>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    private protected TrainerInputBaseWithWeight()
    {
    }

    /// <summary>The column of weights; null where every example counts the same.</summary>
    public string ExampleWeightColumnName;
}
