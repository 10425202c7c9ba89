namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>How many values and strings one report may take from a file: packed counts can claim far more than any model has.</summary>
internal sealed class ItemBudget
{
    private int _left = 1_500_000;

    /// <summary>Takes part of what is left.</summary>
    public void Take(long items, string what, long offset)
    {
        if (items > _left)
            throw new FormatFault($"{what}: at most {_left:N0} more values", $"{items:N0}", offset);
        _left -= (int)items;
    }
}
