using System.Text;
using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines;

/// <summary>Writes reports as HTML pages.</summary>
public static class HtmlReport
{
    /// <summary>
    /// Writes a report as one HTML file that needs nothing else: no network, no other files. The file appears whole or not at all.
    /// </summary>
    /// <param name="path">The file, usually ending in .html; replaced where it exists. Its folder is made where it is missing.</param>
    /// <param name="report">What the page shows.</param>
    /// <param name="cancellationToken">Stops before the file is there.</param>
    /// <exception cref="ArgumentException">A prediction names a class that there is not.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Write(string path, Report report, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(report);
        string full = Path.GetFullPath(path), part = $"{full}.{Guid.NewGuid():N}.part";
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        try
        {
            using (var writer = new StreamWriter(part, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
                ReportPage.Write(writer, report, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(part, full, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
