using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Checking;

/// <summary>Findings as sentences.</summary>
internal static class Remarks
{
    private const int Named = 5;
    private const double Imbalanced = 10;

    public static IEnumerable<CheckRemark> Of(DatasetFindings found) => [.. Hurting(found), .. GoodToKnow(found)];

    private static IEnumerable<CheckRemark> Hurting(DatasetFindings found)
    {
        if (found.Unreadable.Count > 0)
            yield return Hurts($"{Say.Count(found.Unreadable.Count, "file", "files")} cannot be read as images", Reasons(found.Unreadable));
        if (found.Classes.Count == 1)
            yield return Hurts($"all images are of one class, '{found.Classes[0].Name}'; a second one is needed", []);
        RepeatedPicture[] several = [.. found.Repeated.Where(one => one.IsInSeveralClasses)];
        if (several.Length > 0)
            yield return Hurts($"{Say.Count(several.Length, "picture is", "pictures are")} in two classes, of which one at most can be right", [.. several.Select(Line)]);
        if (found.Seen.Count > 0)
            yield return Hurts(SeenText(found), [.. found.Seen.Select(Line)]);
    }

    private static IEnumerable<CheckRemark> GoodToKnow(DatasetFindings found)
    {
        CheckedClass[] few = [.. found.Classes.Where(one => one.Images < DatasetFindings.FewImages)];
        if (few.Length > 0)
            yield return Know($"{Say.Count(few.Length, "class has", "classes have")} fewer than {DatasetFindings.FewImages} images: {List([.. few.Select(one => $"'{one.Name}' {one.Images}")])}", []);
        if (found.Imbalance >= Imbalanced && found.Classes is { Count: > 0 } classes)
        {
            (CheckedClass most, CheckedClass least) = (classes.MaxBy(one => one.Images)!, classes.MinBy(one => one.Images)!);
            yield return Know($"'{most.Name}' has {Say.Count((long)found.Imbalance)} times as many images as '{least.Name}' ({Say.Count(most.Images)} and {Say.Count(least.Images)})", []);
        }
        RepeatedPicture[] within = [.. found.Repeated.Where(one => !one.IsInSeveralClasses)];
        if (within.Length > 0)
            yield return Know($"{Say.Count(within.Length, "picture is", "pictures are")} in a class more than once{Exactly(within.Count(one => one.IsExact), within.Length)}", [.. within.Select(Line)]);
        if (found.Turned.Count > 0)
            yield return Know($"{Say.Count(found.Turned.Count, "photo is", "photos are")} stored on a side or head and turned upright by EXIF", found.Turned);
        if (found.Tiny.Count > 0)
            yield return Know($"{Say.Count(found.Tiny.Count, "image is", "images are")} tiny, with a side below {DatasetFindings.TinySide} pixels", found.Tiny);
        if (found.Huge.Count > 0)
            yield return Know($"{Say.Count(found.Huge.Count, "image is", "images are")} huge, above {DatasetFindings.HugePixels / 1_000_000} million pixels, and slow to read", found.Huge);
        if (found.Plain.Count > 0)
            yield return Know($"{Say.Count(found.Plain.Count, "image is", "images are")} of one colour, with nothing to be seen", found.Plain);
        foreach (string passed in found.PassedOver) yield return Know($"passed over: {passed}", []);
    }

    private static string SeenText(DatasetFindings found)
    {
        int count = found.Seen.Count, exact = found.Seen.Count(one => one.IsExact);
        string images = $"{Say.Count(count)} of the {Say.Count(found.AgainstImages)} images to test on";
        return exact == 0 ? $"{images} {(count == 1 ? "looks" : "look")} the same as a training image" : $"{images} {(count == 1 ? "is" : "are")} among the training images, too{Exactly(exact, count)}";
    }

    private static string Exactly(int exact, int count) => exact == count ? "" : exact == 0 ? ", in almost the same form" : $", {Say.Count(exact)} of them byte by byte";

    private static CheckRemark Hurts(string text, IReadOnlyList<string> details) => new(text, details, Hurts: true);

    private static CheckRemark Know(string text, IReadOnlyList<string> details) => new(text, details, Hurts: false);

    // What the files are is told apart; each kind names its first ones.
    private static IReadOnlyList<string> Reasons(IReadOnlyList<ImageFault> faults) =>
        [.. faults.GroupBy(one => one.Reason, one => one.Path).OrderByDescending(group => group.Count()).Select(group => $"{group.Key}: {List([.. group])}")];

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(Named)) + (names.Count > Named ? $" and {Say.Count(names.Count - Named)} more" : "");

    private static string Line(RepeatedPicture picture) => picture.Images.Select(image => $"{image.Name} ({image.Label})") is var names && picture.Images.Count <= Named
        ? string.Join(Sign(picture.IsExact), names)
        : $"{string.Join(Sign(picture.IsExact), names.Take(Named))} and {Say.Count(picture.Images.Count - Named)} more";

    private static string Line(SeenPicture seen) => $"{seen.Test.Name} ({seen.Test.Label}){Sign(seen.IsExact)}{seen.Training.Name} ({seen.Training.Label})";

    private static string Sign(bool isExact) => isExact ? " = " : " ≈ ";
}
