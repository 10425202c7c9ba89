using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>Fields of a line, by their places from 0.</summary>
    public sealed class Range
    {
        /// <summary>The first field.</summary>
        public int Min;

        /// <summary>The last field; null where one of the flags says where the range ends.</summary>
        public int? Max;

        /// <summary>The range ends with the last field that the data has.</summary>
        public bool AutoEnd;

        /// <summary>The range ends with each line: a vector of unknown size.</summary>
        public bool VariableEnd;

        /// <summary>All fields from the first on that no other column takes.</summary>
        public bool AllOther;

        /// <summary>A vector, even of one field.</summary>
        public bool ForceVector;

        public Range()
        {
        }

        public Range(int index)
        {
            Contracts.CheckParam(index >= 0, nameof(index), "Must be non-negative");
            Min = index;
            Max = index;
        }

        public Range(int min, int? max)
        {
            Contracts.CheckParam(min >= 0, nameof(min), "Must be non-negative");
            Contracts.CheckParam(max is null || max >= min, nameof(max), "If specified, must be greater than or equal to min");
            Min = min;
            Max = max;
            // An open range takes what the data has.
            AutoEnd = max is null;
        }
    }
}
