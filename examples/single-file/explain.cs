#!/usr/bin/env dotnet
// Pictures of where in images the evidence for their class is (Grad-CAM), one file without a project:
//   dotnet run -c Release PATH/explain.cs -- flowers.zip some.jpg other.png
#:project ../../src/CnnTrainers
#:project ../../src/Pipelines
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;

if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: dotnet run -c Release explain.cs -- MODEL IMAGE...");
    return 2;
}
var ml = new MLContext();
var model = ml.Model.Load(args[0], out _);
string[] paths = args[1..];
var images = ml.Data.LoadFromEnumerable(paths.Select(path => new LabelledImage { ImagePath = Path.GetFullPath(path) }));
foreach (var (path, map) in paths.Zip(GradCam.Explain(model, images)))
{
    string picture = Path.ChangeExtension(Path.GetFileName(path), $"{map.PredictedClass}.png");
    using var drawn = map.Draw();
    drawn.Save(picture);
    Console.WriteLine($"{picture}: {map.PredictedClass} ({map.Probability:0.00})");
}
return 0;
