using System.Reflection;

namespace Microsoft.ML.Internal.Utilities;

/// <summary>Calls generic methods with a type that is known only at run time: pass the method closed over any type.</summary>
internal static class Utils
{
    public static int Size<T>(T[] array) => array?.Length ?? 0;

    public static int Size(string text) => text?.Length ?? 0;

    public static TResult MarshalInvoke<TResult>(Func<TResult> func, Type genArg) =>
        (TResult)Invoke(func, genArg);

    public static TResult MarshalInvoke<T1, TResult>(Func<T1, TResult> func, Type genArg, T1 arg1) =>
        (TResult)Invoke(func, genArg, arg1);

    public static TResult MarshalInvoke<T1, T2, TResult>(Func<T1, T2, TResult> func, Type genArg, T1 arg1, T2 arg2) =>
        (TResult)Invoke(func, genArg, arg1, arg2);

    public static TResult MarshalInvoke<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> func, Type genArg, T1 arg1, T2 arg2, T3 arg3) =>
        (TResult)Invoke(func, genArg, arg1, arg2, arg3);

    public static TResult MarshalInvoke<T1, T2, T3, T4, TResult>(
        Func<T1, T2, T3, T4, TResult> func, Type genArg, T1 arg1, T2 arg2, T3 arg3, T4 arg4) =>
        (TResult)Invoke(func, genArg, arg1, arg2, arg3, arg4);

    public static void MarshalActionInvoke<T1>(Action<T1> act, Type genArg, T1 arg1) => Invoke(act, genArg, arg1);

    public static void MarshalActionInvoke<T1, T2>(Action<T1, T2> act, Type genArg, T1 arg1, T2 arg2) =>
        Invoke(act, genArg, arg1, arg2);

    public static void MarshalActionInvoke<T1, T2, T3>(Action<T1, T2, T3> act, Type genArg, T1 arg1, T2 arg2, T3 arg3) =>
        Invoke(act, genArg, arg1, arg2, arg3);

    private static object Invoke(Delegate closed, Type genArg, params object[] args) =>
        closed.Method.GetGenericMethodDefinition().MakeGenericMethod(genArg)
            .Invoke(closed.Target, BindingFlags.DoNotWrapExceptions, null, args, null);
}
