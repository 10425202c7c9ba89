#!/usr/bin/env dotnet
// The README's program, one file without a project. In a folder that has flowers/, with a folder of images for each class:
//   dotnet run -c Release PATH/first.cs
// Outside this repository these lines stand in place of the two that follow (for Windows libtorch-cpu-win-x64, for a Mac libtorch-cpu-osx-arm64):
//   #:package CnnTrainers@0.1.0
//   #:package CnnTrainers.Pipelines@0.1.0
//   #:package libtorch-cpu-linux-x64@2.10.0
//   #:property PublishAot=false
#:project ../../src/CnnTrainers
#:project ../../src/Pipelines
using CnnTrainers;
using CnnTrainers.Pipelines;
using Microsoft.ML;

var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(ImageFolder.Read("flowers"));            // ImagePath, Label
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadPixels("Pixels", 96, 96, "flowers"))               // reads ImagePath: 3 × 96 × 96 bytes
    .Append(ml.MulticlassClassification.Trainers.Cnn(ResNetVariant.ResNet18, featureColumnName: "Pixels"))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
var split = ml.Data.TrainTestSplit(images, 0.2);
var model = pipeline.Fit(split.TrainSet);
ml.Model.Save(model, images.Schema, "flowers.zip");                              // the weights are inside
var loaded = new MLContext().Model.Load("flowers.zip", out _);                   // needs nothing of ours but the package
var metrics = ml.MulticlassClassification.Evaluate(loaded.Transform(split.TestSet));
Console.WriteLine($"{metrics.MicroAccuracy:P1} of the images that it has not seen are right");
