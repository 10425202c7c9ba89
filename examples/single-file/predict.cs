#!/usr/bin/env dotnet
// What a saved model says of images, one file without a project:
//   dotnet run -c Release PATH/predict.cs -- flowers.zip some.jpg other.png
#:project ../../src/CnnTrainers
#:project ../../src/Pipelines
using CnnTrainers.Pipelines;
using Microsoft.ML;

if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: dotnet run -c Release predict.cs -- MODEL IMAGE...");
    return 2;
}
var ml = new MLContext();
var model = ml.Model.Load(args[0], out _);
var images = ml.Data.LoadFromEnumerable(args.Skip(1).Select(path => new LabelledImage { ImagePath = Path.GetFullPath(path) }));
foreach (Answer answer in ml.Data.CreateEnumerable<Answer>(model.Transform(images), reuseRowObject: true))    // rows are scored in batches
    Console.WriteLine($"{answer.ImagePath}: {answer.PredictedLabel} ({answer.Score.Max():0.00})");
return 0;

internal sealed class Answer
{
    public string ImagePath { get; set; } = "";
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
}
