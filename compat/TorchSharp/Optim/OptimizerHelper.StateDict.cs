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

    private static void CheckSizes(StateDictionary mine, int groups, int states)
    {
        if (mine.Options.Count != groups)
            throw new ArgumentException($"The state dictionary has {groups} parameter groups, the optimizer has {mine.Options.Count}.");
        if (mine.State.Count != states)
            throw new ArgumentException($"The state dictionary has the state of {states} parameters, the optimizer has {mine.State.Count}.");
    }
}
