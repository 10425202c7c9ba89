using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Evaluation;

public sealed class ConfusionTableTests
{
    private static string Table(double[][] counts, params string[] names) => new ConfusionMatrix(counts, names).GetFormattedConfusionTable();

    [Fact]
    public void LongNamesStandInTheRowsBehindTheirNumber() => Assert.Equal("""

        Confusion table
                      ||========================
        PREDICTED     ||     0 |     1 |     2 | Recall
        TRUTH         ||========================
        0.     setosa ||    11 |     0 |     0 | 1.0000
        1. versicolor ||     1 |     9 |     1 | 0.8182
        2.  virginica ||     0 |     1 |     8 | 0.8889
                      ||========================
        Precision     ||0.9167 |0.9000 |0.8889 |

        """.ReplaceLineEndings(), Table([[11, 0, 0], [1, 9, 1], [0, 1, 8]], "setosa", "versicolor", "virginica"));

    [Fact]
    public void ShortNamesStandInTheHeader() => Assert.Equal("""

        Confusion table
                  ||========================
        PREDICTED ||   cat |   dog |   cow | Recall
        TRUTH     ||========================
              cat ||     1 |     0 |     0 | 1.0000
              dog ||     0 |     2 |     0 | 1.0000
              cow ||     1 |     0 |     1 | 0.5000
                  ||========================
        Precision ||0.5000 |1.0000 |1.0000 |

        """.ReplaceLineEndings(), Table([[1, 0, 0], [0, 2, 0], [1, 0, 1]], "cat", "dog", "cow"));

    [Fact]
    public void NamesComeFromTheScoresSlots()
    {
        var data = EvaluationCase.All[2].View("alpha", "beta", "gamma", "a longer one");
        var table = new Microsoft.ML.MLContext().MulticlassClassification.Evaluate(data).ConfusionMatrix.GetFormattedConfusionTable();
        Assert.Contains("\n3. a longer one ||", table.ReplaceLineEndings("\n"));
        Assert.Contains("\n0.        alpha ||", table.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void AnIndexBeyondTheClassesIsRefused()
    {
        var matrix = new ConfusionMatrix([[1, 0], [0, 1]], ["a", "b"]);
        Assert.ThrowsAny<ArgumentException>(() => matrix.GetCountForClassPair(2, 0));
        Assert.ThrowsAny<ArgumentException>(() => matrix.GetCountForClassPair(0, -1));
    }
}
