using System.CommandLine;
using CnnTrainers.Bench.Accuracy;
using CnnTrainers.Bench.AllReduce;
using CnnTrainers.Bench.Cuda;
using CnnTrainers.Bench.DataPath;
using CnnTrainers.Bench.Defaults;
using CnnTrainers.Bench.Distributed;
using CnnTrainers.Bench.Fuzz;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Bench.Scoring;
using CnnTrainers.Bench.Serving;
using CnnTrainers.Bench.Training;

var root = new RootCommand("Measures this library next to its peers, in turns, on the same cores; writes bench/results.")
{
    DataPathCommand.Create(),
    TrainingCommand.Create(),
    ScoringCommand.Create(),
    DefaultsCommand.Create(),
    AccuracyCommand.Create(),
    FuzzCommand.Create(),
    CudaCommand.Create(),
    AllReduceCommand.Create(),
    DistributedCommand.Create(),
    ServeCommand.Create(),
    ChildCommand.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BenchException fault)
{
    Console.Error.WriteLine($"bench: {fault.Message}");
    return 1;
}
