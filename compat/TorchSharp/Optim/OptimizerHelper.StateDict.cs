using static TorchSharp.torch;

namespace TorchSharp.Modules;

public abstract partial class OptimizerHelper
{
    protected enum TypeCode
    {
        Double = 0,
        Long = 1,
        Tensor = 2,
        Options = 3,
        State = 4,
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            var references = new List<int>();
            foreach (var parameter in group.Parameters)
            {
                references.Add(dictionary.State.Count);
                dictionary.State.Add(_state[parameter.Handle]);
            }
            dictionary.StateIndexRef.Add(references);
        }
        return dictionary;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var mine = this.state_dict();
        CheckSizes(mine, state_dict.Options.Count, state_dict.State.Count);
        for (var i = 0; i < mine.Options.Count; i++)
            if (!ReferenceEquals(mine.Options[i], state_dict.Options[i])) mine.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < mine.State.Count; i++)
            if (!ReferenceEquals(mine.State[i], state_dict.State[i])) mine.State[i].LoadStateDict(state_dict.State[i]);
    }

    public void save_state_dict(string location)
    {
        using var stream = File.Create(location);
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    }

    /// <summary>The optimizer's type, the counts of groups and states, then the groups' options and the states.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        var dictionary = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(dictionary.Options.Count);
        writer.Write7BitEncodedInt64(dictionary.State.Count);
        foreach (var options in dictionary.Options) options.SaveStateDict(writer);
        foreach (var state in dictionary.State) state.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var type = reader.ReadString();
        if (type != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{type}' in the loaded stream.");
        var mine = state_dict();
        CheckSizes(mine, reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        foreach (var options in mine.Options) options.LoadStateDict(reader);
        foreach (var state in mine.State) state.LoadStateDict(reader);
    }

    private static void CheckSizes(StateDictionary mine, long groups, long states)
    {
        if (mine.Options.Count != groups)
            throw new ArgumentException($"Invalid optimizer state -- different number of parameter groups: expected {mine.Options.Count}, got {groups}.");
        if (mine.State.Count != states)
            throw new ArgumentException($"Invalid optimizer state -- different number of states: expected {mine.State.Count}, got {states}.");
    }
}
