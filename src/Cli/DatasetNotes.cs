using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli;

/// <summary>Says, before a training begins, what of its images a user will want to know: what can be found in no time.</summary>
internal static class DatasetNotes
{
    private const int Most = 3;

    /// <summary>Says it in three lines at most.</summary>
    public static void Say(DataSet data, CancellationToken cancel)
    {
        if (!Launched.IsFirst) return;
        DatasetFindings found = DatasetCheck.Quick(data.ToCheck(), cancel);
        if (found.Classes.Count < 2) return; // which no training begins with
        // Small classes the trainer names by itself.
        foreach (CheckRemark remark in found.Remarks.Where(one => !one.Text.Contains($"fewer than {DatasetFindings.FewImages} images")).Take(Most)) Output.Say(ModelFileText.Plain(Line(remark, data.Path)));
    }

    private static string Line(CheckRemark remark, string path) => remark.Details switch
    {
        [] => $"note: {remark.Text}",
        [var only] => $"note: {remark.Text}: {only}",
        [var first, ..] => $"note: {remark.Text}: {first} and others; cnn check {path} names them",
    };
}
