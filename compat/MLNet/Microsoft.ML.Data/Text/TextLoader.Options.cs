namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>How a text file is laid out.</summary>
    public class Options
    {
        /// <summary>A field may stand in quotation marks, and then hold separators.</summary>
        public bool AllowQuoting;

        /// <summary>A line may end with pairs of index and value, after the number of fields that they stand for.</summary>
        public bool AllowSparse;

        /// <summary>Fields that a line has; null takes it from the data where it matters.</summary>
        public int? InputSize;

        public char[] Separators = ['\t'];

        public char DecimalMarker = '.';

        public Column[] Columns;

        /// <summary>Leave out white space at the ends of lines.</summary>
        public bool TrimWhitespace;

        /// <summary>The first line of each file names the fields.</summary>
        public bool HasHeader;

        /// <summary>Parse ahead on other threads. Rows are parsed as they are asked for; there is nothing to switch.</summary>
        public bool UseThreads = true;

        /// <summary>A field in quotation marks may go on over several lines.</summary>
        public bool ReadMultilines;

        /// <summary>A file whose first line names the fields instead.</summary>
        public string HeaderFile;

        public long? MaxRows;

        /// <summary>What stands before a quotation mark that does not end its field; the mark itself, doubled, by default.</summary>
        public char EscapeChar = '"';

        /// <summary>An empty field of a real column is NaN, not 0.</summary>
        public bool MissingRealsAsNaNs;

        public Options()
        {
        }
    }
}
