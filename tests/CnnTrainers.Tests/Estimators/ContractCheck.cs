#nullable disable
using System.Reflection;
using Microsoft.ML;

namespace CnnTrainers.Tests.Estimators;

/// <summary>Finds estimators that no contract test covers.</summary>
internal static class ContractCheck
{
    /// <summary>The estimators of some assemblies that no contract of the test assembly makes.</summary>
    public static IEnumerable<Type> WithoutContract(Assembly tests, params IEnumerable<Assembly> assemblies)
    {
        HashSet<Type> covered = [.. tests.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(EstimatorContract)))
            .Select(type => Definition(((EstimatorContract)Activator.CreateInstance(type)).EstimatorType))];
        return Estimators(assemblies).Where(type => !covered.Contains(type));
    }

    public static IEnumerable<Type> Estimators(IEnumerable<Assembly> assemblies) => assemblies.SelectMany(assembly => assembly.GetTypes())
        .Where(type => !type.IsAbstract && type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEstimator<>)));

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
